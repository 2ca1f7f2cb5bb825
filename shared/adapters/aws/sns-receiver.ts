import { GetTopicAttributesCommand, PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Receiver, SendOutcome, Subscriptions } from '../../app/ports.ts';
import type { Message } from '../../domain/incident/message.ts';
import type { Severity } from '../../domain/policy.ts';
import { renderEmail } from '../../render/email.ts';
import { messageKind, messageSeverity } from '../../render/headline.ts';
import { snsFailure } from './sns-failure.ts';

/** What the receiver may be told beside the topic. */
export interface SnsReceiverOptions {
  /** @default page and notice: the daily digest is a message of its own. */
  readonly severities?: readonly Severity[];
}

/**
 * Publishes to an SNS topic: email, SMS and whatever else is subscribed. The attributes `kind` and `severity` let
 * subscriptions filter. That SNS accepted a message does not mean that anybody reads it, so the topic is asked, too.
 */
export class SnsReceiver implements Receiver {
  readonly name = 'sns';
  readonly groups = true;
  readonly severities: readonly Severity[];
  readonly #client: SNSClient;
  readonly #topicArn: string;

  constructor(client: SNSClient, topicArn: string, options: SnsReceiverOptions = {}) {
    this.#client = client;
    this.#topicArn = topicArn;
    this.severities = options.severities ?? ['page', 'notice'];
  }

  async send(message: Message): Promise<SendOutcome> {
    let messageId: string;
    try {
      messageId = await this.#publish(message);
    } catch (error) {
      return snsFailure(error, this.#topicArn);
    }
    const subscriptions = await this.subscriptions();
    if (typeof subscriptions === 'string') {
      return { kind: 'sent', proof: `MessageId ${messageId}; audience unknown (${subscriptions})` };
    }
    const { confirmed, pending } = subscriptions;
    const proof = `MessageId ${messageId}; subscriptions: ${confirmed} confirmed, ${pending} pending`;
    return confirmed > 0
      ? { kind: 'sent', proof }
      : { kind: 'noAudience', reason: noAudience(pending), proof };
  }

  async #publish(message: Message): Promise<string> {
    const { subject, text } = renderEmail(message);
    const { MessageId } = await this.#client.send(
      new PublishCommand({
        TopicArn: this.#topicArn,
        Subject: subject,
        Message: text,
        MessageAttributes: {
          kind: { DataType: 'String', StringValue: messageKind(message) },
          severity: { DataType: 'String', StringValue: messageSeverity(message) },
        },
      }),
    );
    return MessageId ?? 'not given';
  }

  /** The topic's subscriptions, or why they are not known: publishing may be allowed where reading is not. */
  async subscriptions(): Promise<Subscriptions | string> {
    try {
      const { Attributes } = await this.#client.send(
        new GetTopicAttributesCommand({ TopicArn: this.#topicArn }),
      );
      const confirmed = Number.parseInt(Attributes?.['SubscriptionsConfirmed'] ?? '', 10);
      const pending = Number.parseInt(Attributes?.['SubscriptionsPending'] ?? '', 10);
      return Number.isNaN(confirmed)
        ? 'not told'
        : { confirmed, pending: Number.isNaN(pending) ? 0 : pending };
    } catch (error) {
      return error instanceof Error ? error.name : 'not told';
    }
  }
}

const noAudience = (pending: number): string =>
  pending > 0
    ? `nobody has confirmed a subscription of the topic yet; ${pending} pending: click the link in the email from SNS`
    : 'the topic has no subscription: subscribe an email address and confirm it';
