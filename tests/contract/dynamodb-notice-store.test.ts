import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import { DynamoDbNoticeStore } from '../../shared/adapters/aws/dynamodb-notice-store.ts';
import { MemoryLog } from '../../shared/adapters/memory/memory-log.ts';
import { MemoryNoticeStore } from '../../shared/adapters/memory/memory-notice-store.ts';
import { createTable } from './dynamodb.ts';
import { aStoredNotice, describeNoticeStore } from './notice-store.contract.ts';
import { inMemory } from './opened.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws.close());

describeNoticeStore('Memory', () => inMemory(new MemoryNoticeStore()));

describeNoticeStore('DynamoDB', async () => {
  const { table, close } = await createTable(aws.endpoint);
  return { store: new DynamoDbNoticeStore(table, new MemoryLog()), close };
});

describe('DynamoDB items of notices', () => {
  it('are not made anew when they cannot be read, and hide no others', async () => {
    const { table, close } = await createTable(aws.endpoint);
    const log = new MemoryLog();
    const store = new DynamoDbNoticeStore(table, log);
    const broken = { pk: 'NOTICE', sk: 'WELCOME', version: 1, notice: { id: 'WELCOME', facts: 'what?' } };
    await table.client.send(new PutCommand({ TableName: table.name, Item: broken }));
    await store.put(aStoredNotice(), 0);

    expect(await store.load()).toHaveLength(1);
    expect(log.entries.map(({ level }) => level)).toEqual(['error']);
    expect(await store.put({ ...aStoredNotice(), id: 'WELCOME' }, 0)).toBe('conflict');
    await close();
  });

  it('expire when they are told to, and are ours although the answer to the write was lost', async () => {
    const { table, close } = await createTable(aws.endpoint);
    const store = new DynamoDbNoticeStore(table, new MemoryLog());
    const notice = aStoredNotice();
    aws.faults.add({ service: 'dynamodb', action: 'PutItem', error: 'dropAnswer' });

    expect(await store.put(notice, 0, 1_800_000_000)).toBe('written');

    const Key = { pk: 'NOTICE', sk: notice.id };
    const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key }));
    expect(Item).toMatchObject({ expiresAt: 1_800_000_000, version: 1 });
    await close();
  });
});
