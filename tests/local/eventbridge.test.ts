import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startForTest } from './clients.ts';

async function start() {
  const { aws } = await startForTest();
  const client = new EventBridgeClient({
    endpoint: aws.endpoint,
    region: aws.world.region,
    credentials: { accessKeyId: 'AKIALOCAL', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  onTestFinished(() => client.destroy());
  const put = (...Entries: PutEventsRequestEntry[]) => client.send(new PutEventsCommand({ Entries }));
  return { aws, put };
}

const entry = (over: PutEventsRequestEntry = {}): PutEventsRequestEntry => ({
  Source: 'a-source',
  DetailType: 'a type',
  Detail: '{"a":1}',
  ...over,
});

describe('the embedded EventBridge', () => {
  test('puts events on the bus that is named, or the default one', async () => {
    const { aws, put } = await start();
    aws.events.createBus('ops');

    const { FailedEntryCount, Entries } = await put(
      entry(),
      entry({ EventBusName: 'ops', Time: new Date(0) }),
    );

    expect(FailedEntryCount).toBe(0);
    expect(aws.events.inbox.map(({ bus, id, detail }) => [bus, id, detail])).toEqual([
      ['default', Entries?.[0]?.EventId, { a: 1 }],
      ['ops', Entries?.[1]?.EventId, { a: 1 }],
    ]);
    expect(aws.calls).toMatchObject([
      { action: 'events:PutEvents', resource: expect.stringMatching(/:event-bus\/default$/) },
    ]);
  });

  test('accepts an event for a bus that does not exist, and drops it', async () => {
    const { aws, put } = await start();

    const { FailedEntryCount, Entries } = await put(entry({ EventBusName: 'nowhere' }));

    expect({ FailedEntryCount, id: Entries?.[0]?.EventId }).toEqual({
      FailedEntryCount: 0,
      id: expect.stringMatching(/\S/),
    });
    expect(aws.events.inbox).toEqual([]);
    expect(aws.events.dropped).toHaveLength(1);
  });

  test.each([
    [{ Source: '' }, 'InvalidArgument'],
    [{ DetailType: '' }, 'InvalidArgument'],
    [{ Detail: '[1]' }, 'MalformedDetail'],
    [{ Detail: '{' }, 'MalformedDetail'],
  ])('fails an entry of its own with %j, and takes the others', async (over, ErrorCode) => {
    const { aws, put } = await start();

    const answer = await put(entry(over), entry());

    expect(answer).toMatchObject({ FailedEntryCount: 1, Entries: [{ ErrorCode }, {}] });
    expect(aws.events.inbox).toHaveLength(1);
  });

  test('takes 256 KB in all and ten entries, not more', async () => {
    const { aws, put } = await start();
    const detail = (size: number) => JSON.stringify({ text: 'x'.repeat(size) });

    await expect(put(entry({ Detail: detail(256 * 1024) }))).rejects.toThrow(/over the limit/);
    await expect(put(...Array.from({ length: 11 }, () => entry()))).rejects.toThrow(/Entries/);
    await put(entry({ Detail: detail(255 * 1024) }));
    expect(aws.events.inbox).toHaveLength(1);
  });
});
