import { LookupEventsCommand, type LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail';
import { GetKeyLastUsageCommand } from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { createWorld } from '../../infra/local/simulated-world.ts';
import type { WorldSwitches } from '../../infra/local/world-switches.ts';
import { aKey, aWorld, keyArn, NOON } from './a-world.ts';
import { clientsOf, startForTest } from './clients.ts';

const STRANGER = '999988887777';
/** What is visible at noon: events come five minutes late. */
const VISIBLE = NOON - 300;

const byKey = (name: string) => [{ AttributeKey: 'ResourceName' as const, AttributeValue: keyArn(name) }];

/** A world of two keys: `k` decrypts 300 times in 5 minutes and encrypts 3 times, `other` decrypts 60 times. */
async function start(switches: Partial<WorldSwitches> = {}) {
  const world = aWorld(
    [
      { key: 'k', requests: () => 300 },
      { key: 'k', operation: 'Encrypt', requests: () => 3 },
      { key: 'other', requests: () => 60 },
    ],
    switches,
    [aKey('k', { aliases: ['alias/orders'] }), aKey('other')],
  );
  const { aws, cloudtrail, kms } = await startForTest({ world });
  aws.cloudtrail.requestsPerSecond = Number.POSITIVE_INFINITY;
  const lookup = async (input: LookupEventsCommandInput) => {
    const { Events = [], NextToken } = await cloudtrail.send(new LookupEventsCommand(input));
    return { events: Events, token: NextToken };
  };
  return { aws, cloudtrail, kms, lookup };
}

describe('LookupEvents', () => {
  test('answers 50 events of a key, newest first', async () => {
    const { lookup } = await start();

    const { events, token } = await lookup({ LookupAttributes: byKey('k') });

    const times = events.map(({ EventTime }) => (EventTime?.getTime() ?? 0) / 1000);
    expect(events).toHaveLength(50);
    expect(token).toBeDefined();
    // The bin that starts at 11:55 has one call in each second; only the one of that very second is visible.
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(times[0]).toBe(VISIBLE);
    expect(new Set(events.map(({ EventId }) => EventId)).size).toBe(50);
  });

  test('pages through a time without gap or repetition', async () => {
    const { lookup } = await start();
    const input = {
      LookupAttributes: byKey('k'),
      StartTime: new Date((NOON - 900) * 1000),
      EndTime: new Date((NOON - 601) * 1000),
    };

    const ids = [];
    let token: string | undefined;
    do {
      const page = await lookup({ ...input, ...(token ? { NextToken: token } : {}) });
      ids.push(...page.events.map(({ EventId, EventName }) => `${EventName} ${EventId}`));
      token = page.token;
    } while (token);

    expect(ids).toHaveLength(303);
    expect(new Set(ids).size).toBe(303);
    expect(ids.filter((id) => id.startsWith('Encrypt'))).toHaveLength(3);
  });

  test('gives one page of a million events as quickly as of a few', async () => {
    const { aws, cloudtrail } = await startForTest({
      world: aWorld([{ key: 'k', requests: () => 50_000_000 }]),
    });

    const { Events } = await cloudtrail.send(new LookupEventsCommand({ LookupAttributes: byKey('k') }));

    expect(Events).toHaveLength(50);
    expect(aws.calls).toMatchObject([{ service: 'cloudtrail', action: 'cloudtrail:LookupEvents' }]);
  });

  test('shows who called and what for, as CloudTrail writes it', async () => {
    const { lookup } = await start();

    const { events } = await lookup({ LookupAttributes: byKey('k'), MaxResults: 1 });

    expect(events).toMatchObject([
      {
        EventSource: 'kms.amazonaws.com',
        ReadOnly: 'true',
        Resources: [{ ResourceType: 'AWS::KMS::Key', ResourceName: keyArn('k') }],
      },
    ]);
    expect(JSON.parse(events[0]?.CloudTrailEvent ?? '')).toMatchObject({
      eventID: events[0]?.EventId,
      eventName: 'Decrypt',
      userIdentity: {
        type: 'AssumedRole',
        sessionContext: { sessionIssuer: { arn: 'arn:aws:iam::111122223333:role/orders' } },
      },
      resources: [{ ARN: keyArn('k') }],
    });
  });

  test('finds an event by its id, and all events of an operation', async () => {
    const { lookup } = await start();
    const { events } = await lookup({ LookupAttributes: byKey('k'), MaxResults: 1 });
    const id = events[0]?.EventId ?? '';

    const found = await lookup({ LookupAttributes: [{ AttributeKey: 'EventId', AttributeValue: id }] });
    const encrypts = await lookup({
      LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'Encrypt' }],
      MaxResults: 5,
    });
    const nobody = await lookup({ LookupAttributes: [{ AttributeKey: 'EventId', AttributeValue: 'x' }] });

    expect(found.events).toEqual(events);
    expect(encrypts.events.map(({ EventName }) => EventName)).toEqual(Array(5).fill('Encrypt'));
    expect(nobody.events).toEqual([]);
  });

  test.each([
    ['arn', 50, 0],
    ['keyId', 0, 50],
    ['none', 0, 0],
  ] as const)('in a world where ResourceName matches %s', async (trailResourceName, byArn, byId) => {
    const { lookup } = await start({ trailResourceName });

    const arn = await lookup({ LookupAttributes: byKey('k') });
    const id = await lookup({ LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: 'k' }] });

    expect([arn.events.length, id.events.length]).toEqual([byArn, byId]);
  });

  test('shows a call only after the delay', async () => {
    const { aws, lookup } = await start({ trailDelaySeconds: 900 });
    const recent = { LookupAttributes: byKey('k'), StartTime: new Date((NOON - 100) * 1000) };

    expect((await lookup(recent)).events).toEqual([]);
    aws.clock.advance(901);
    expect((await lookup(recent)).events).not.toEqual([]);
  });

  test('knows nothing older than 90 days, and nothing of another Region', async () => {
    const { aws, lookup } = await start();
    const elsewhere = clientsOf(aws, { region: 'us-east-1' }).cloudtrail;

    const old = await lookup({
      LookupAttributes: byKey('k'),
      StartTime: new Date((NOON - 91 * 86_400) * 1000),
      EndTime: new Date((NOON - 90 * 86_400 - 1) * 1000),
    });
    const far = await elsewhere.send(new LookupEventsCommand({ LookupAttributes: byKey('k') }));

    expect(old.events).toEqual([]);
    expect(far.Events).toEqual([]);
  });

  test.each<[string, LookupEventsCommandInput, string]>([
    [
      'two attributes',
      { LookupAttributes: [...byKey('k'), ...byKey('k')] },
      'InvalidLookupAttributesException',
    ],
    ['51 events', { MaxResults: 51 }, 'InvalidMaxResultsException'],
    [
      'a time that ends first',
      { StartTime: new Date(2000), EndTime: new Date(1000) },
      'InvalidTimeRangeException',
    ],
    ['a token it did not give', { NextToken: 'x' }, 'InvalidNextTokenException'],
  ])('refuses %s', async (_, input, name) => {
    const { lookup } = await start();

    await expect(lookup(input)).rejects.toMatchObject({ name });
  });

  test('throttles the third request of a second, until it is told not to', async () => {
    const { aws, cloudtrail } = await startForTest();
    const lookup = () => cloudtrail.send(new LookupEventsCommand({}));

    await lookup();
    await lookup();
    await expect(lookup()).rejects.toMatchObject({ name: 'ThrottlingException', message: 'Rate exceeded' });
    aws.cloudtrail.requestsPerSecond = Number.POSITIVE_INFINITY;
    await expect(lookup()).resolves.toBeDefined();
  });
});

describe('faults of CloudTrail', () => {
  test.each([
    ['Throttling', 'ThrottlingException'],
    ['AccessDenied', 'AccessDeniedException'],
  ] as const)('%s is called %s', async (error, name) => {
    const { aws, lookup } = await start();
    aws.faults.add({ service: 'cloudtrail', error });

    await expect(lookup({})).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
  });
});

describe('the callers of a simulated world', () => {
  test('a runaway is its caller’s, the rest that of the usual ones', async () => {
    const world = createWorld({
      startsAt: NOON,
      runaways: [
        {
          keyAlias: 'alias/lake-etl',
          operation: 'Decrypt',
          from: NOON - 1800,
          to: NOON,
          requestsPerSecond: 300,
          caller: { role: 'spark-debug', via: 's3.amazonaws.com' },
        },
      ],
    });
    const { aws, cloudtrail } = await startForTest({ world });
    aws.cloudtrail.requestsPerSecond = Number.POSITIVE_INFINITY;
    const arn = world.keys.find(({ aliases }) => aliases.includes('alias/lake-etl'))?.arn ?? '';
    const rolesAt = async (end: number) => {
      const roles = new Map<string, number>();
      for (let page = 0; page < 6; page++) {
        const { Events = [] } = await cloudtrail.send(
          new LookupEventsCommand({
            LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: arn }],
            EndTime: new Date((end - page * 60) * 1000),
          }),
        );
        for (const { CloudTrailEvent = '' } of Events) {
          const { userIdentity } = JSON.parse(CloudTrailEvent) as {
            userIdentity: { sessionContext: { sessionIssuer: { userName: string } } };
          };
          const { userName } = userIdentity.sessionContext.sessionIssuer;
          roles.set(userName, (roles.get(userName) ?? 0) + 1);
        }
      }
      return roles;
    };

    const before = await rolesAt(NOON - 3600);
    const during = await rolesAt(NOON - 600);

    expect([...before.keys()].toSorted()).toEqual(['athena-analysts', 'lake-etl-job']);
    expect(during.get('spark-debug')).toBeGreaterThan(250);
    expect(during.get('lake-etl-job')).toBeGreaterThan(5);
  });
});

describe('the callers of a runaway without a name', () => {
  const from = NOON - 1800;
  const callersOf = (kind: 'fullScan' | 'lostCache', bin: number) => {
    const script = { keyAlias: 'alias/lake-etl', operation: 'Decrypt', from, to: NOON, kind } as const;
    const { series } = createWorld({ startsAt: NOON, runaways: [script] });
    return series[0]?.callers?.(bin).map(({ caller, share }) => [caller.role, Number(share.toFixed(1))]);
  };

  test('are a job that nobody knew of, where it reads everything', () => {
    expect(callersOf('fullScan', (NOON - 900) / 300)).toEqual([
      ['lake-etl-job', 0.1],
      ['athena-analysts', 0],
      ['adhoc-scan', 0.8],
    ]);
  });

  test.each([
    ['fullScan', from / 300 - 1],
    ['lostCache', (NOON - 900) / 300],
  ] as const)('are the usual ones otherwise (%s)', (kind, bin) => {
    expect(callersOf(kind, bin)).toEqual([
      ['lake-etl-job', 0.8],
      ['athena-analysts', 0.2],
    ]);
  });
});

describe('GetKeyLastUsage', () => {
  test('names the event of the newest use, before CloudTrail shows it', async () => {
    const { aws, kms, lookup } = await start();

    const { KeyLastUsage } = await kms.send(new GetKeyLastUsageCommand({ KeyId: keyArn('k') }));
    const byId = {
      LookupAttributes: [
        { AttributeKey: 'EventId' as const, AttributeValue: KeyLastUsage?.CloudTrailEventId ?? '' },
      ],
    };

    expect(KeyLastUsage).toMatchObject({ Operation: 'Decrypt', Timestamp: new Date(NOON * 1000) });
    expect((await lookup(byId)).events).toEqual([]);
    aws.clock.advance(300);
    expect((await lookup(byId)).events).toHaveLength(1);
  });

  test('says nothing of a key that was never used, or is not ours', async () => {
    const foreign = aKey('f', { arn: keyArn('f', STRANGER), ownerAccountId: STRANGER });
    const { kms } = await startForTest({ world: aWorld([], {}, [aKey('k'), foreign]) });

    const { KeyLastUsage } = await kms.send(new GetKeyLastUsageCommand({ KeyId: keyArn('k') }));

    expect(KeyLastUsage).toEqual({});
    await expect(kms.send(new GetKeyLastUsageCommand({ KeyId: foreign.arn }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    await expect(kms.send(new GetKeyLastUsageCommand({ KeyId: 'alias/k' }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });
});
