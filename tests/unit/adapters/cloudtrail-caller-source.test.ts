import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { GetKeyLastUsageCommand, KMSClient } from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { CloudTrailCallerSource } from '../../../shared/adapters/aws/cloudtrail-caller-source.ts';
import { MemoryLog } from '../../../shared/adapters/memory/memory-log.ts';
import { aKeyArn } from '../../support/keys.ts';

const NOW = 1_795_600_000;
const KEY = aKeyArn(1);

/** A source whose clients answer as they are told. */
function aSource() {
  const cloudTrailClient = new CloudTrailClient({ region: 'eu-central-1' });
  const kmsClient = new KMSClient({ region: 'eu-central-1' });
  const cloudTrail = mockClient(cloudTrailClient);
  const kms = mockClient(kmsClient);
  kms.on(GetKeyLastUsageCommand).resolves({ KeyLastUsage: {} });
  const log = new MemoryLog();
  const source = new CloudTrailCallerSource(cloudTrailClient, kmsClient, { now: () => NOW }, log, {
    spacingMs: 0,
  });
  const ask = () => source.callersOf({ keyArn: KEY, from: NOW - 3600, to: NOW, deadline: NOW + 60 });
  const inputs = () => cloudTrail.commandCalls(LookupEventsCommand).map(({ args }) => args[0].input);
  return { cloudTrail, kms, log, ask, inputs };
}

const anEvent = (n: number, operation = 'Decrypt') => ({
  EventTime: new Date((NOW - 1000) * 1000),
  CloudTrailEvent: JSON.stringify({
    eventID: `event-${n}`,
    eventName: operation,
    eventTime: new Date((NOW - 1000) * 1000).toISOString(),
    userIdentity: { type: 'IAMUser', userName: 'anna' },
  }),
});
const UNREADABLE = {
  EventId: 'odd',
  EventTime: new Date((NOW - 1000) * 1000),
  CloudTrailEvent: '{"eventVersion":',
};

describe('callers by CloudTrail', () => {
  it('are asked for by one attribute and 50 a page', async () => {
    const { cloudTrail, ask, inputs } = aSource();
    cloudTrail.on(LookupEventsCommand).resolves({ Events: [anEvent(1)] });

    await ask();

    expect(inputs()).toEqual([
      {
        LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: KEY }],
        StartTime: new Date((NOW - 3600) * 1000),
        EndTime: new Date((NOW - 1) * 1000),
        MaxResults: 50,
      },
    ]);
  });

  it('come without the events that cannot be read, which are counted', async () => {
    const { cloudTrail, ask } = aSource();
    cloudTrail.on(LookupEventsCommand).resolves({ Events: [UNREADABLE, anEvent(1), {}] });

    expect(await ask()).toMatchObject({
      kind: 'known',
      sample: { events: 1, unreadable: 2, callers: [{ name: 'user/anna' }] },
    });
  });

  it('are unknown when no event can be read', async () => {
    const { cloudTrail, ask } = aSource();
    cloudTrail.on(LookupEventsCommand).resolves({ Events: [UNREADABLE] });

    expect(await ask()).toEqual({
      kind: 'unknown',
      why: 'CloudTrail shows an event that cannot be read',
      mayCome: false,
    });
  });

  it('are read beyond an empty page', async () => {
    const { cloudTrail, ask } = aSource();
    cloudTrail
      .on(LookupEventsCommand)
      .resolvesOnce({ Events: [], NextToken: 'more' })
      .resolves({ Events: [anEvent(1)] });

    expect(await ask()).toMatchObject({ kind: 'known', sample: { events: 1 } });
  });

  it('are looked for by the key’s id when its ARN brings what manages the key only', async () => {
    const { cloudTrail, ask, inputs } = aSource();
    cloudTrail
      .on(LookupEventsCommand)
      .resolvesOnce({ Events: [anEvent(1, 'DescribeKey')] })
      .resolves({ Events: [anEvent(2)] });

    expect(await ask()).toMatchObject({ kind: 'known', sample: { events: 1 } });
    expect(inputs().map(({ LookupAttributes }) => LookupAttributes?.[0]?.AttributeValue)).toEqual([
      KEY,
      KEY.split('/')[1],
    ]);
  });

  it('never throw, whatever the clients do', async () => {
    const { cloudTrail, kms, log, ask } = aSource();
    cloudTrail.on(LookupEventsCommand).rejects(new TypeError('no such host'));
    expect(await ask()).toEqual({
      kind: 'unknown',
      why: 'CloudTrail did not answer (TypeError: no such host)',
      mayCome: true,
    });

    cloudTrail.on(LookupEventsCommand).resolves({});
    kms.on(GetKeyLastUsageCommand).rejects(new Error('no such call'));
    expect(await ask()).toMatchObject({ kind: 'unknown', mayCome: true });
    expect(log.entries).toEqual([
      {
        level: 'info',
        message: 'KMS does not tell the last use of a key',
        fields: { keyArn: KEY, fault: 'unreachable', detail: 'Error: no such call' },
      },
    ]);
  });
});
