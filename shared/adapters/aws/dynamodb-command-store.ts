import { isDeepStrictEqual } from 'node:util';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type * as z from 'zod/mini';
import type { CommandStore, Commands, Log, UnreadableItem, WriteOutcome } from '../../app/ports.ts';
import type { Acceptance } from '../../domain/detection/acceptance.ts';
import type { Mute } from '../../domain/incident/mute.ts';
import { DAY_SECONDS, type EpochSeconds } from '../../domain/usage/time.ts';
import {
  conditionally,
  type ItemKey,
  PARTITION,
  queryPartition,
  type StoredItem,
  type Table,
} from './dynamodb-table.ts';
import { storedAcceptance, storedMute } from './stored-command.ts';
import { type ParsedItem, parseItem } from './stored-item.ts';

/** Days a mute is kept after its end, so that people can look up who muted what. */
const KEPT_DAYS = 90;

const MUTE = 'MUTE#';
const ACCEPT = 'ACCEPT#';

/** Mutes and acceptances in the partition `COMMAND`. An acceptance has no expiry: learning needs it for good. */
export class DynamoDbCommandStore implements CommandStore {
  readonly #table: Table;
  readonly #log: Log;

  constructor(table: Table, log: Log) {
    this.#table = table;
    this.#log = log;
  }

  async load(asOf: EpochSeconds): Promise<Commands> {
    const mutes: Mute[] = [];
    const acceptances: Acceptance[] = [];
    const unreadable: UnreadableItem[] = [];
    const read = <T>(schema: z.ZodMiniType<T>, item: StoredItem): T | undefined => {
      const parsed: ParsedItem<T> = parseItem(schema, item);
      if (parsed.kind === 'ok') return parsed.value;
      unreadable.push({ item: String(item['sk']), reason: parsed.reason });
      return undefined;
    };
    for await (const item of queryPartition(this.#table, PARTITION.command, { consistent: true })) {
      if (String(item['sk']).startsWith(MUTE)) {
        const stored = read(storedMute, item);
        if (stored && stored.endedAt === undefined && asOf < stored.mute.until) mutes.push(stored.mute);
      } else if (String(item['sk']).startsWith(ACCEPT)) {
        const stored = read(storedAcceptance, item);
        if (stored) acceptances.push(stored.acceptance);
      }
    }
    if (unreadable.length > 0) this.#log.error('Mutes or acceptances cannot be read', { unreadable });
    return { mutes, acceptances, unreadable };
  }

  putMute(mute: Mute): Promise<WriteOutcome> {
    return this.#put(MUTE + mute.id, { mute, expiresAt: mute.until + KEPT_DAYS * DAY_SECONDS });
  }

  endMute(id: string, by: string, at: EpochSeconds): Promise<WriteOutcome> {
    return conditionally(
      this.#table.client.send(
        new UpdateCommand({
          TableName: this.#table.name,
          Key: itemKey(MUTE + id),
          UpdateExpression: 'SET endedAt = :at, endedBy = :by',
          ConditionExpression: 'attribute_exists(pk) AND (attribute_not_exists(endedAt) OR endedAt = :at)',
          ExpressionAttributeValues: { ':at': at, ':by': by },
        }),
      ),
    );
  }

  putAcceptance(acceptance: Acceptance): Promise<WriteOutcome> {
    return this.#put(ACCEPT + acceptance.id, { acceptance });
  }

  /** Never replaces an item. A refused write may be our own, repeated by the SDK because its answer was lost. */
  async #put(sk: string, attributes: Readonly<Record<string, unknown>>): Promise<WriteOutcome> {
    const item = { ...itemKey(sk), ...attributes };
    const outcome = await conditionally(
      this.#table.client.send(
        new PutCommand({
          TableName: this.#table.name,
          Item: item,
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      ),
    );
    if (outcome === 'written') return outcome;
    const { Item } = await this.#table.client.send(
      new GetCommand({ TableName: this.#table.name, Key: itemKey(sk), ConsistentRead: true }),
    );
    return isDeepStrictEqual(Item, item) ? 'written' : 'conflict';
  }
}

const itemKey = (sk: string): ItemKey => ({ pk: PARTITION.command, sk });
