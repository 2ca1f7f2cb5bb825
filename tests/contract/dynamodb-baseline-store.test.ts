import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import { DynamoDbBaselineStore } from '../../shared/adapters/aws/dynamodb-baseline-store.ts';
import { PARTITION, type Table } from '../../shared/adapters/aws/dynamodb-table.ts';
import { MemoryBaselineStore } from '../../shared/adapters/memory/memory-baseline-store.ts';
import { MemoryLog } from '../../shared/adapters/memory/memory-log.ts';
import { ALL_OPERATIONS } from '../../shared/app/ports.ts';
import type { KeyArn } from '../../shared/domain/usage/key.ts';
import { shardOf } from '../../shared/domain/usage/shard.ts';
import { aKeyArn } from '../support/keys.ts';
import {
  aBaseline,
  aKeyOf,
  describeBaselineStore,
  type OpenedBaselineStore,
} from './baseline-store.contract.ts';
import { createTable } from './dynamodb.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws.close());

const KEY = aKeyArn(1);
const EXPIRES_AT = 1_801_600_000;

const keyOf = (keyArn: KeyArn) => ({ pk: PARTITION.baselines(shardOf(keyArn)), sk: keyArn });

async function itemOf(table: Table, keyArn: KeyArn) {
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: keyOf(keyArn) }));
  return Item;
}

async function openDynamoDb(): Promise<OpenedBaselineStore & { table: Table; log: MemoryLog }> {
  const { table, close } = await createTable(aws.endpoint);
  const log = new MemoryLog();
  return {
    store: new DynamoDbBaselineStore(table, log),
    table,
    log,
    close,
    putBytes: async (keyArn, operation, bytes) => {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keyOf(keyArn),
          UpdateExpression: 'SET operations.#operation = :entry',
          ExpressionAttributeNames: { '#operation': operation },
          ExpressionAttributeValues: { ':entry': { baseline: bytes } },
        }),
      );
    },
    bytesOf: async (keyArn, operation) => (await itemOf(table, keyArn))?.['operations'][operation]?.baseline,
  };
}

describeBaselineStore('Memory', () => {
  const store = new MemoryBaselineStore();
  return Promise.resolve({
    store,
    close: () => Promise.resolve(),
    putBytes: (...entry) => Promise.resolve(store.putBytes(...entry)),
    bytesOf: (...entry) => Promise.resolve(store.bytesOf(...entry)),
  });
});

describeBaselineStore('DynamoDB', openDynamoDb);

describe('DynamoDB items of baselines', () => {
  it('lie in the shard of their key and say how far they have learned and when they expire', async () => {
    const { store, table, close } = await openDynamoDb();
    onTestFinished(close);
    const learned = { baseline: aBaseline(3), counterparts: [] };

    await store.save(aKeyOf({ Decrypt: learned }), EXPIRES_AT);
    await store.save(aKeyOf({ Decrypt: learned }, 1), EXPIRES_AT + 3600);

    expect(await itemOf(table, KEY)).toEqual({
      pk: expect.stringMatching(/^BASELINE#\d+$/),
      sk: KEY,
      version: 2,
      expiresAt: EXPIRES_AT + 3600,
      operations: {
        Decrypt: { baseline: expect.any(Uint8Array), learnedThrough: learned.baseline.learnedThrough },
      },
    });
  });

  it('are spread evenly over the shards', () => {
    const counts = new Map<number, number>();
    for (let n = 0; n < 16_000; n++) {
      const shard = shardOf(aKeyArn(n));
      counts.set(shard, (counts.get(shard) ?? 0) + 1);
    }

    expect([...counts.keys()].toSorted((a, b) => a - b)).toEqual([...Array(16).keys()]);
    expect(Math.max(...counts.values())).toBeLessThan(1300);
  });

  it('stay where they are found: the shard of a key never changes', () => {
    expect([1, 2, 3, 4].map((n) => shardOf(aKeyArn(n)))).toMatchInlineSnapshot(`
      [
        13,
        4,
        7,
        14,
      ]
    `);
  });

  it('are read page after page when a shard is larger than one', async () => {
    const { store, close } = await openDynamoDb();
    onTestFinished(close);
    const keys = [...Array(1000).keys()].map((n) => aKeyArn(n)).filter((keyArn) => shardOf(keyArn) === 5);
    const operations = Object.fromEntries(
      Array.from({ length: 14 }, (_, n) => [`Operation${n}`, { baseline: aBaseline(n), counterparts: [] }]),
    );
    await Promise.all(keys.map((keyArn) => store.save(aKeyOf(operations, 0, keyArn), EXPIRES_AT)));

    const loaded = await store.loadAll();

    expect(keys.length).toBeGreaterThan(40);
    expect(loaded.map(({ keyArn }) => keyArn).toSorted()).toEqual(keys.toSorted());
    expect(loaded.every((key) => key.operations.size === 14)).toBe(true);
  });

  it.each([
    ['its version is no number', { version: 'two', operations: {} }, /version/],
    ['its operations are no map', { version: 2, operations: 'none' }, /operations/],
    ['it has neither', {}, /version.* and 1 more/],
  ])('name the key when %s, and are never overwritten', async (_, attributes, reason) => {
    const { store, table, log, close } = await openDynamoDb();
    onTestFinished(close);
    const item = { ...keyOf(KEY), ...attributes };
    await table.client.send(new PutCommand({ TableName: table.name, Item: item }));
    await store.save(aKeyOf({}, 0, aKeyArn(2)), EXPIRES_AT);

    const loaded = await store.loadAll();
    const broken = loaded.find(({ keyArn }) => keyArn === KEY);

    expect(loaded).toHaveLength(2);
    expect(broken?.unreadable).toEqual(new Map([[ALL_OPERATIONS, expect.stringMatching(reason)]]));
    expect(log.entries).toHaveLength(1);
    const learned = aKeyOf({ Decrypt: { baseline: aBaseline(1), counterparts: [] } }).operations;
    expect(await store.save({ ...broken!, operations: learned }, EXPIRES_AT)).toBe('conflict');
    expect(await store.save(aKeyOf({}), EXPIRES_AT)).toBe('conflict');
    expect(await itemOf(table, KEY)).toEqual(item);
  });

  it('are passed over when they belong to no key', async () => {
    const { store, table, log, close } = await openDynamoDb();
    onTestFinished(close);
    const item = { pk: 'BASELINE#0', sk: 'somebody was here', version: 1, operations: {} };
    await table.client.send(new PutCommand({ TableName: table.name, Item: item }));

    expect(await store.loadAll()).toEqual([]);
    expect(log.entries[0]?.fields).toEqual({ shard: 0, item: 'somebody was here' });
  });

  it('hold a thousand counterparts and say so when there are more', async () => {
    const { store, log, close } = await openDynamoDb();
    onTestFinished(close);
    const counterparts = Array.from({ length: 1500 }, (_, n) => aKeyArn(n + 10));
    const both = { baseline: aBaseline(1), counterparts };

    await store.save(aKeyOf({ 'ReEncrypt:source': both, 'ReEncrypt:destination': both }), EXPIRES_AT);

    const [loaded] = await store.loadAll();
    expect(loaded?.operations.get('ReEncrypt:source')?.counterparts).toEqual(counterparts.slice(0, 1000));
    expect(log.entries).toHaveLength(2);
  });
});
