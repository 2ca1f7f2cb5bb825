import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import { DynamoDbCommandStore } from '../../shared/adapters/aws/dynamodb-command-store.ts';
import { queryPartition } from '../../shared/adapters/aws/dynamodb-table.ts';
import { MemoryCommandStore } from '../../shared/adapters/memory/memory-command-store.ts';
import { MemoryLog } from '../../shared/adapters/memory/memory-log.ts';
import { aKeyArn } from '../support/keys.ts';
import { aMute, describeCommandStore } from './command-store.contract.ts';
import { createTable } from './dynamodb.ts';
import { inMemory } from './opened.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws.close());

describeCommandStore('Memory', () => inMemory(new MemoryCommandStore()));

describeCommandStore('DynamoDB', async () => {
  const { table, close } = await createTable(aws.endpoint);
  return { store: new DynamoDbCommandStore(table, new MemoryLog()), close };
});

describe('DynamoDB items of commands', () => {
  it('that cannot be read are named and never overwritten', async () => {
    const { table, close } = await createTable(aws.endpoint);
    const log = new MemoryLog();
    const store = new DynamoDbCommandStore(table, log);
    const put = (sk: string, rest: Record<string, unknown>) =>
      table.client.send(new PutCommand({ TableName: table.name, Item: { pk: 'COMMAND', sk, ...rest } }));
    await put('ACCEPT#a1', { acceptance: { id: 'a1', keyArn: 'a key', by: 'ada', at: 1 } });
    await put('MUTE#m1', { mute: { ...aMute(), until: 'tomorrow' } });
    await put('LATER#x', { whatever: true });

    const { unreadable } = await store.load(0);

    expect(unreadable.map(({ item }) => item)).toEqual(['ACCEPT#a1', 'MUTE#m1']);
    expect(unreadable[1]?.reason).toBe('mute.until: expected number');
    expect(log.entries).toHaveLength(1);
    expect(await store.putMute(aMute())).toBe('conflict');
    await close();
  });

  it('keep who ended a mute; mutes expire some time after their end, acceptances never', async () => {
    const { table, close } = await createTable(aws.endpoint);
    const store = new DynamoDbCommandStore(table, new MemoryLog());
    await store.putMute(aMute());
    await store.endMute('m1', 'bob', 1_795_600_060);
    await store.putAcceptance({ id: 'a1', keyArn: aKeyArn(1), by: 'ada', at: 1_795_600_000 });

    const items: unknown[] = [];
    for await (const item of queryPartition(table, 'COMMAND', { consistent: true })) items.push(item);

    expect(items).toEqual([
      expect.not.objectContaining({ expiresAt: expect.anything() }),
      expect.objectContaining({
        endedBy: 'bob',
        endedAt: 1_795_600_060,
        expiresAt: aMute().until + 90 * 86_400,
      }),
    ]);
    await close();
  });
});
