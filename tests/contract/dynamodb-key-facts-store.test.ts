import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import { DynamoDbKeyFactsStore } from '../../shared/adapters/aws/dynamodb-key-facts-store.ts';
import { queryPartition } from '../../shared/adapters/aws/dynamodb-table.ts';
import { MemoryKeyFactsStore } from '../../shared/adapters/memory/memory-key-facts-store.ts';
import { MemoryLog } from '../../shared/adapters/memory/memory-log.ts';
import { aKeyArn } from '../support/keys.ts';
import { createTable } from './dynamodb.ts';
import { describeKeyFactsStore } from './key-facts-store.contract.ts';
import { inMemory } from './opened.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws.close());

describeKeyFactsStore('Memory', () => inMemory(new MemoryKeyFactsStore()));

describeKeyFactsStore('DynamoDB', async () => {
  const { table, close } = await createTable(aws.endpoint);
  return { store: new DynamoDbKeyFactsStore(table, new MemoryLog()), close };
});

describe('DynamoDB items of key facts', () => {
  it('are passed over when they cannot be read, and others of the partition are left alone', async () => {
    const { table, close } = await createTable(aws.endpoint);
    const log = new MemoryLog();
    const store = new DynamoDbKeyFactsStore(table, log);
    const keys = new Map([[aKeyArn(1), { keyArn: aKeyArn(1), aliases: ['alias/a'], spec: 'RSA_2048' }]]);
    const put = (sk: string, keysAttribute: unknown) =>
      table.client.send(
        new PutCommand({ TableName: table.name, Item: { pk: 'FACTS', sk, keys: keysAttribute } }),
      );
    await put('QUOTAS', {});
    await store.save({ keys });
    await put('SPECS#1', 7);
    await put('ALIASES#1', { [aKeyArn(1)]: 'alias/a' });

    expect(await store.load()).toEqual({ keys });
    expect(log.entries.map(({ fields }) => fields['item'])).toEqual(['ALIASES#1', 'QUOTAS', 'SPECS#1']);
    await store.save({ keys });
    const left: unknown[] = [];
    for await (const { sk } of queryPartition(table, 'FACTS')) left.push(sk);
    expect(left).toEqual(['ALIASES#0', 'QUOTAS', 'SPECS#0']);
    await close();
  });
});
