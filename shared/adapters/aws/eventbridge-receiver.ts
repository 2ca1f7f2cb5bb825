import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import type { Receiver, SendOutcome } from '../../app/ports.ts';
import type { Message } from '../../domain/incident/message.ts';
import type { Severity } from '../../domain/policy.ts';
import { type EventDetail, renderEvent } from '../../render/event.ts';
import { entryFailure, eventBridgeFailure } from './eventbridge-failure.ts';

/** What rules match by. */
export const EVENT_SOURCE = 'kms-runaway-detector';
export const EVENT_DETAIL_TYPE = 'KMS usage incident';

/** What the receiver may be told beside the bus. */
export interface EventBridgeReceiverOptions {
  /** @default page and notice */
  readonly severities?: readonly Severity[];
}

/**
 * Puts events on an EventBridge bus, for programs. That EventBridge has accepted an event says neither that a rule
 * matches it nor that the bus exists: it drops events for a bus that does not, without an error
 * (https://github.com/aws/aws-sdk/issues/186).
 */
export class EventBridgeReceiver implements Receiver {
  readonly name = 'event';
  /** Programs handle incidents one by one. */
  readonly groups = false;
  readonly severities: readonly Severity[];
  readonly #client: EventBridgeClient;
  readonly #busName: string;

  constructor(client: EventBridgeClient, busName: string, options: EventBridgeReceiverOptions = {}) {
    this.#client = client;
    this.#busName = busName;
    this.severities = options.severities ?? ['page', 'notice'];
  }

  /** One request for each event, so that no size and no failure of one concerns another. */
  async send(message: Message): Promise<SendOutcome> {
    let outcome: SendOutcome = { kind: 'refused', reason: 'the message holds no event' };
    for (const detail of renderEvent(message)) {
      outcome = await this.#put(detail);
      if (outcome.kind !== 'sent') return outcome;
    }
    return outcome;
  }

  async #put(detail: EventDetail): Promise<SendOutcome> {
    let result: PutEventsResultEntry | undefined;
    try {
      const { Entries } = await this.#client.send(
        new PutEventsCommand({
          Entries: [
            {
              EventBusName: this.#busName,
              Source: EVENT_SOURCE,
              DetailType: EVENT_DETAIL_TYPE,
              Time: new Date(detail.at),
              Resources: detail.key ? [detail.key.arn] : [],
              Detail: JSON.stringify(detail),
            },
          ],
        }),
      );
      result = Entries?.[0];
    } catch (error) {
      return eventBridgeFailure(error, this.#busName);
    }
    // FailedEntryCount says that an entry failed, the entry itself says which and why.
    const { EventId, ErrorCode, ErrorMessage } = result ?? {};
    return EventId === undefined
      ? entryFailure(ErrorCode ?? 'no EventId', ErrorMessage ?? '', this.#busName)
      : { kind: 'sent', proof: `EventId ${EventId} for the bus ${this.#busName}; who reads it is not known` };
  }
}
