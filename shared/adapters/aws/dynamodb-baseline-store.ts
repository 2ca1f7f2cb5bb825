import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import pLimit from 'p-limit';
import * as z from 'zod/mini';
import {
  ALL_OPERATIONS,
  type BaselineStore,
  type KeyBaselines,
  type Log,
  type OperationBaseline,
  type WriteOutcome,
} from '../../app/ports.ts';
import { encodeBaseline } from '../../domain/detection/codec.ts';
import { type Operation, parseKeyArn } from '../../domain/usage/key.ts';
import { SHARDS, shardOf } from '../../domain/usage/shard.ts';
import type { EpochSeconds } from '../../domain/usage/time.ts';
import { readOperation } from '../read-operation.ts';
import { conditionally, PARTITION, queryPartition, type StoredItem, type Table } from './dynamodb-table.ts';
import { parseItem, storedKeyArn } from './stored-item.ts';

/** Version of an item that cannot be read: no write ever finds it. */
const UNREADABLE_VERSION = -1;

/** Writes under way at once: below the number of connections that the SDK's client holds. */
const CONCURRENT_WRITES = 32;

/** Keys on the other side that are kept for each operation; a thousand ARNs are 75 KB of the item's 400. */
const MAX_COUNTERPARTS = 1000;

const storedKey = z.object({
  version: z.int().check(z.minimum(1)),
  operations: z.record(z.string(), z.unknown()),
});

const storedOperation = z.object({
  baseline: z.instanceof(Uint8Array),
  counterparts: z.exactOptional(z.array(storedKeyArn)),
  accounts: z.exactOptional(z.array(z.string().check(z.regex(/^(\d{12})?$/)))),
});

/**
 * One item per key, in 16 partitions by a hash of its ARN: `operations.<name>.baseline` holds the encoded bytes,
 * `learnedThrough` beside it is for people who look at the table.
 */
export class DynamoDbBaselineStore implements BaselineStore {
  readonly #table: Table;
  readonly #log: Log;
  readonly #limit = pLimit(CONCURRENT_WRITES);

  constructor(table: Table, log: Log) {
    this.#table = table;
    this.#log = log;
  }

  /** All shards at once, so that a load takes as long as the largest. */
  async loadAll(shard?: number): Promise<KeyBaselines[]> {
    if (shard !== undefined) return this.#loadShard(shard);
    const shards = await Promise.all(Array.from({ length: SHARDS }, (_, n) => this.#loadShard(n)));
    return shards.flat();
  }

  async save(key: KeyBaselines, expiresAt: EpochSeconds): Promise<WriteOutcome> {
    if (key.version === UNREADABLE_VERSION) return 'conflict';
    const operations = [...key.operations].filter(([operation]) => !key.unreadable.has(operation));
    const stored = operations.map(
      ([operation, baseline]) => [operation, this.#encode(key, baseline)] as const,
    );
    return this.#limit(() =>
      conditionally(
        key.version === 0 ? this.#create(key, stored, expiresAt) : this.#update(key, stored, expiresAt),
      ),
    );
  }

  async #loadShard(shard: number): Promise<KeyBaselines[]> {
    const keys: KeyBaselines[] = [];
    for await (const item of queryPartition(this.#table, PARTITION.baselines(shard))) {
      const key = readKey(item);
      if (!key) {
        this.#log.error('A stored baseline belongs to no key', { shard, item: item['sk'] });
        continue;
      }
      if (key.unreadable.size > 0) {
        this.#log.error('Stored baselines cannot be read', {
          keyArn: key.keyArn,
          unreadable: Object.fromEntries(key.unreadable),
        });
      }
      keys.push(key);
    }
    return keys;
  }

  #encode({ keyArn }: KeyBaselines, { baseline, counterparts, accounts }: OperationBaseline) {
    if (counterparts.length > MAX_COUNTERPARTS) {
      this.#log.warn('More ReEncrypt counterparts than an item can hold', {
        keyArn,
        count: counterparts.length,
      });
    }
    return {
      baseline: encodeBaseline(baseline),
      learnedThrough: baseline.learnedThrough,
      ...(counterparts.length > 0 ? { counterparts: counterparts.slice(0, MAX_COUNTERPARTS) } : {}),
      ...(accounts ? { accounts } : {}),
    };
  }

  #create({ keyArn }: KeyBaselines, operations: readonly StoredEntry[], expiresAt: EpochSeconds) {
    return this.#table.client.send(
      new PutCommand({
        TableName: this.#table.name,
        Item: { ...itemKey(keyArn), version: 1, expiresAt, operations: Object.fromEntries(operations) },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
  }

  #update({ keyArn, version }: KeyBaselines, operations: readonly StoredEntry[], expiresAt: EpochSeconds) {
    const sets = operations.map((_, i) => `#operations.#o${i} = :o${i}`);
    return this.#table.client.send(
      new UpdateCommand({
        TableName: this.#table.name,
        Key: itemKey(keyArn),
        UpdateExpression: `SET ${['#version = :next', '#expiresAt = :expiresAt', ...sets].join(', ')}`,
        ConditionExpression: '#version = :version',
        ExpressionAttributeNames: {
          '#version': 'version',
          '#expiresAt': 'expiresAt',
          ...(sets.length > 0 ? { '#operations': 'operations' } : {}),
          ...Object.fromEntries(operations.map(([operation], i) => [`#o${i}`, operation])),
        },
        ExpressionAttributeValues: {
          ':version': version,
          ':next': version + 1,
          ':expiresAt': expiresAt,
          ...Object.fromEntries(operations.map(([, stored], i) => [`:o${i}`, stored])),
        },
      }),
    );
  }
}

type StoredEntry = readonly [Operation, Record<string, unknown>];

const itemKey = (keyArn: KeyBaselines['keyArn']) => ({
  pk: PARTITION.baselines(shardOf(keyArn)),
  sk: keyArn,
});

function readKey(item: StoredItem): KeyBaselines | undefined {
  const keyArn = typeof item['sk'] === 'string' ? parseKeyArn(item['sk']) : undefined;
  if (!keyArn) return undefined;
  const operations = new Map<Operation, OperationBaseline>();
  const unreadable = new Map<Operation, string>();
  const parsed = parseItem(storedKey, item);
  if (parsed.kind === 'unreadable') {
    unreadable.set(ALL_OPERATIONS, parsed.reason);
    return { keyArn, version: UNREADABLE_VERSION, operations, unreadable };
  }
  for (const [operation, stored] of Object.entries(parsed.value.operations)) {
    const entry = parseItem(storedOperation, stored);
    const read =
      entry.kind === 'ok'
        ? readOperation(entry.value.baseline, entry.value.counterparts ?? [], entry.value.accounts)
        : entry.reason;
    if (typeof read === 'string') unreadable.set(operation, read);
    else if (read) operations.set(operation, read);
  }
  return { keyArn, version: parsed.value.version, operations, unreadable };
}
