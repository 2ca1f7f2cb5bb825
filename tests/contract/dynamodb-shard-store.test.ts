import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import { DynamoDbShardStore } from '../../shared/adapters/aws/dynamodb-shard-store.ts';
import { MemoryLog } from '../../shared/adapters/memory/memory-log.ts';
import { MemoryShardStore } from '../../shared/adapters/memory/memory-shard-store.ts';
import { createTable } from './dynamodb.ts';
import { inMemory } from './opened.ts';
import { aReport } from './run-store.contract.ts';
import { describeShardStore } from './shard-store.contract.ts';

const AT = Date.parse('2026-11-25T02:18:00Z') / 1000;

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws.close());

describeShardStore('Memory', () => inMemory(new MemoryShardStore()));

describeShardStore('DynamoDB', async () => {
  const { table, close } = await createTable(aws.endpoint);
  return { store: new DynamoDbShardStore(table, new MemoryLog()), close };
});

describe('DynamoDB items of the shards', () => {
  it.each([
    ['no compressed JSON', { json: Uint8Array.of(1, 2, 3) }],
    ['of another shape', { json: 'text' }],
  ])('count as absent when they are %s', async (_, attributes) => {
    const { table, close } = await createTable(aws.endpoint);
    const log = new MemoryLog();
    const Item = { pk: 'SHARD#3', sk: 'PART#2026-11-25T02:18:00Z', ...attributes };
    const store = new DynamoDbShardStore(table, log);
    await table.client.send(new PutCommand({ TableName: table.name, Item }));

    expect(await store.loadPart(3, AT)).toBeUndefined();
    expect(await store.loadLastPart(3)).toBeUndefined();
    const name = `${Item.pk}/${Item.sk}`;
    expect(log.entries.map(({ fields }) => fields['item'])).toEqual([name, name]);
    await close();
  });

  it('are removed two days after the check that they are a part of', async () => {
    const { table, close } = await createTable(aws.endpoint);
    const part = { report: aReport({ asOf: '2026-11-25T02:18:00Z' }), regions: [] };

    await new DynamoDbShardStore(table, new MemoryLog()).savePart(3, part);

    const Key = { pk: 'SHARD#3', sk: 'PART#2026-11-25T02:18:00Z' };
    const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key }));
    expect(Item?.['expiresAt']).toBe(AT + 2 * 86_400);
    await close();
  });
});
