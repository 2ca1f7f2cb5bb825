import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { LocalClock } from './clock.ts';
import { parseInput } from './input.ts';
import { ApiError, type Call, type Input, type Service } from './service.ts';
import type { World } from './world.ts';

/** An event that a bus has got. */
interface PutEvent {
  readonly at: number;
  readonly id: string;
  readonly bus: string;
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The embedded EventBridge, for tests and the demo to reach into. */
export interface LocalEventBridge {
  /** Events on buses that exist, oldest first. */
  readonly inbox: PutEvent[];
  /** Events for buses that do not exist: accepted, and dropped. */
  readonly dropped: PutEvent[];
  createBus(name: string): void;
}

/** Documented for all entries of a request together. */
const MAX_BYTES = 256 * 1024;

const entry = z.object({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  EventBusName: z.string().min(1).max(1600).optional(),
  Resources: z.array(z.string()).optional(),
  Time: z.number().optional(),
});
type Entry = z.infer<typeof entry>;
const putInput = z.object({ Entries: z.array(entry).min(1).max(10) });

/**
 * EventBridge's PutEvents (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html). As in AWS
 * an event for a bus that does not exist is accepted and goes nowhere (https://github.com/aws/aws-cli/issues/9186).
 */
export function createEventBridge(
  { region, accountId }: World,
  clock: LocalClock,
): { service: Service; events: LocalEventBridge } {
  const buses = new Set(['default']);
  const events: LocalEventBridge = { inbox: [], dropped: [], createBus: (name) => buses.add(name) };
  const arnOf = (bus: string) =>
    bus.startsWith('arn:') ? bus : `arn:aws:events:${region}:${accountId}:event-bus/${bus}`;

  const put = (one: Entry) => {
    const { Source: source, DetailType: detailType, Detail = '', EventBusName: bus = 'default' } = one;
    if (!source)
      return failed(
        'InvalidArgument',
        'Parameter Source is not valid. Reason: Source is a required argument.',
      );
    if (!detailType) {
      return failed(
        'InvalidArgument',
        'Parameter DetailType is not valid. Reason: DetailType is a required argument.',
      );
    }
    const detail = jsonObject(Detail);
    if (!detail) return failed('MalformedDetail', 'Detail is malformed.');
    const id = randomUUID();
    const name = bus.replace(/^.*event-bus\//, '');
    const { Resources: resources = [] } = one;
    const box = buses.has(name) ? events.inbox : events.dropped;
    box.push({ at: clock.now(), id, bus: name, source, detailType, resources, detail });
    return { EventId: id };
  };

  const service: Service = {
    name: 'events',
    actions: {
      PutEvents(input: Input) {
        const { Entries } = parseInput(putInput, input);
        const size = Entries.reduce((sum, one) => sum + sizeOf(one), 0);
        if (size > MAX_BYTES) {
          throw new ApiError(
            'ValidationException',
            'Total size of the entries in the request is over the limit.',
          );
        }
        const results = Entries.map(put);
        return { FailedEntryCount: results.filter((one) => 'ErrorCode' in one).length, Entries: results };
      },
    },
    resource: ({ input }: Call) => {
      const first = Array.isArray(input['Entries']) ? (input['Entries'][0] as Entry | undefined) : undefined;
      return arnOf(first?.EventBusName ?? 'default');
    },
  };
  return { service, events };
}

const failed = (ErrorCode: string, ErrorMessage: string) => ({ ErrorCode, ErrorMessage });

/** The size that counts: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
const sizeOf = ({ Time, Source = '', DetailType = '', Detail = '', Resources = [] }: Entry): number =>
  (Time === undefined ? 0 : 14) +
  [Source, DetailType, Detail, ...Resources].reduce((sum, text) => sum + Buffer.byteLength(text), 0);

function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
