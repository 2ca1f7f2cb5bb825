import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import { DynamoDbRunStore } from '../../shared/adapters/aws/dynamodb-run-store.ts';
import { MemoryLog } from '../../shared/adapters/memory/memory-log.ts';
import { MemoryRunStore } from '../../shared/adapters/memory/memory-run-store.ts';
import { createTable } from './dynamodb.ts';
import { inMemory } from './opened.ts';
import { describeRunStore } from './run-store.contract.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws.close());

describeRunStore('Memory', () => inMemory(new MemoryRunStore()));

describeRunStore('DynamoDB', async () => {
  const { table, close } = await createTable(aws.endpoint);
  return { store: new DynamoDbRunStore(table, new MemoryLog()), close };
});

describe('DynamoDB items of the runs', () => {
  it.each([
    ['LAST', { report: { runId: 'of an older version' } }, 'lastReport'],
    ['DISCOVERY', { at: 'yesterday' }, 'lastDiscovery'],
  ] as const)('count as absent when they cannot be read: %s', async (sk, attributes, read) => {
    const { table, close } = await createTable(aws.endpoint);
    const log = new MemoryLog();
    const store = new DynamoDbRunStore(table, log);
    await table.client.send(
      new PutCommand({ TableName: table.name, Item: { pk: 'RUN', sk, ...attributes } }),
    );

    expect(await store[read]()).toBeUndefined();
    expect(log.entries.map(({ fields }) => fields['item'])).toEqual([`RUN/${sk}`]);
    await close();
  });

  it('hold the lease although the answer to taking it was lost', async () => {
    const { table, close } = await createTable(aws.endpoint);
    const store = new DynamoDbRunStore(table, new MemoryLog());
    aws.faults.add({ service: 'dynamodb', action: 'PutItem', error: 'dropAnswer' });

    expect(await store.acquireLease('run-1', 1_795_600_000, 270)).toEqual({ held: true });
    await close();
  });
});
