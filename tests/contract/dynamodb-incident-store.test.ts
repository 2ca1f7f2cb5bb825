import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import { DynamoDbIncidentStore } from '../../shared/adapters/aws/dynamodb-incident-store.ts';
import { MemoryIncidentStore } from '../../shared/adapters/memory/memory-incident-store.ts';
import { MemoryLog } from '../../shared/adapters/memory/memory-log.ts';
import { anIncident } from '../support/a-message.ts';
import { aKeyArn } from '../support/keys.ts';
import { createTable } from './dynamodb.ts';
import { aRecord, describeIncidentStore } from './incident-store.contract.ts';
import { inMemory } from './opened.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws.close());

describeIncidentStore('Memory', () => inMemory(new MemoryIncidentStore()));

describeIncidentStore('DynamoDB', async () => {
  const { table, close } = await createTable(aws.endpoint);
  return { store: new DynamoDbIncidentStore(table, new MemoryLog()), close };
});

describe('DynamoDB items of incidents', () => {
  it('do not hide each other when one cannot be read', async () => {
    const { table, close } = await createTable(aws.endpoint);
    const log = new MemoryLog();
    const store = new DynamoDbIncidentStore(table, log);
    const broken = { pk: 'OPEN', sk: aKeyArn(9), version: 4, record: { incident: { keyArn: 'gone' } } };
    await store.put(aRecord(), 0);
    await table.client.send(new PutCommand({ TableName: table.name, Item: broken }));

    const { open, unreadable } = await store.loadOpen();
    const outcome = await store.put(aRecord({ incident: anIncident({ keyArn: aKeyArn(9) }) }), 0);

    expect(open).toHaveLength(1);
    expect(unreadable).toEqual([{ item: aKeyArn(9), reason: expect.stringContaining('record.') }]);
    expect(log.entries.map(({ level }) => level)).toEqual(['error']);
    expect(outcome).toBe('conflict');
    await close();
  });

  it('pass over a closed incident that cannot be read', async () => {
    const { table, close } = await createTable(aws.endpoint);
    const log = new MemoryLog();
    const store = new DynamoDbIncidentStore(table, log);
    const incident = anIncident({ status: 'resolved' });
    const broken = { pk: `KEY#${incident.keyArn}`, sk: 'INCIDENT#2027-01-01T00:00:00Z', incident: 'what?' };
    await store.archive(incident);
    await table.client.send(new PutCommand({ TableName: table.name, Item: broken }));

    expect(await store.closed(incident.keyArn, 1)).toEqual([incident]);
    expect(log.entries).toHaveLength(1);
    await close();
  });

  it.each([0, 1])('are ours although the answer to the write at version %i was lost', async (version) => {
    const { table, close } = await createTable(aws.endpoint);
    const store = new DynamoDbIncidentStore(table, new MemoryLog());
    if (version > 0) await store.put(aRecord(), 0);
    aws.faults.add({ service: 'dynamodb', action: 'PutItem', error: 'dropAnswer' });

    expect(await store.put(aRecord({ reminders: 4 }), version)).toBe('written');
    expect((await store.loadOpen()).open).toEqual([
      { record: aRecord({ reminders: 4 }), version: version + 1 },
    ]);
    await close();
  });

  it('are gone although the answer to the removal was lost', async () => {
    const { table, close } = await createTable(aws.endpoint);
    const store = new DynamoDbIncidentStore(table, new MemoryLog());
    const { keyArn } = aRecord().incident;
    await store.put(aRecord(), 0);
    aws.faults.add({ service: 'dynamodb', action: 'DeleteItem', error: 'dropAnswer' });

    expect(await store.remove(keyArn, 1)).toBe('written');
    await close();
  });
});
