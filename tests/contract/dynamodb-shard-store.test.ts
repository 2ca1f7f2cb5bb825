import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import { DynamoDbShardStore } from '../../shared/adapters/aws/dynamodb-shard-store.ts';
import { MemoryLog } from '../../shared/adapters/memory/memory-log.ts';
import { MemoryShardStore } from '../../shared/adapters/memory/memory-shard-store.ts';
import { createTable } from './dynamodb.ts';
import { inMemory } from './opened.ts';
import { describeShardStore } from './shard-store.contract.ts';

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
    const Item = { pk: 'SHARD#3', sk: 'PART', ...attributes };
    await table.client.send(new PutCommand({ TableName: table.name, Item }));

    expect(await new DynamoDbShardStore(table, log).loadPart(3)).toBeUndefined();
    expect(log.entries.map(({ fields }) => fields['item'])).toEqual(['SHARD#3/PART']);
    await close();
  });
});
