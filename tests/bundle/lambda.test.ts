import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createWorld } from '../../infra/local/simulated-world.ts';
import { RUN_METRICS } from '../../shared/run-metrics.ts';
import { type DeployedLambda, deployLambda } from '../support/a-lambda.ts';
import { GRANTED_WITHOUT_A_CALL, SDK_CALLS } from '../template/allowed-calls.ts';
import { covers, grantsOf } from '../template/role.ts';

const NOON = Date.parse('2026-11-18T12:00:00Z') / 1000;

describe('the built bundle over HTTP', () => {
  let lambda: DeployedLambda;
  let acknowledged: unknown;

  beforeAll(async () => {
    const runaway = { keyAlias: 'alias/lake-etl', operation: 'Decrypt', from: NOON + 600, to: NOON + 2400 };
    const world = createWorld({
      startsAt: NOON,
      runaways: [{ ...runaway, kind: 'retryStorm', requestsPerSecond: 2000 }],
    });
    lambda = await deployLambda({ world, receivers: 'all' }, { ACCOUNT_NAME: 'prod' });
  });

  afterAll(() => lambda.close());

  it('finds a runaway key, tells Slack and email once, and resolves it', async () => {
    for (let minutes = 3; minutes <= 213; minutes += minutes < 60 ? 5 : 15) {
      await lambda.checkAt(new Date((NOON + minutes * 60) * 1000).toISOString());
      if (minutes === 33) {
        acknowledged = await lambda.invoke({ action: 'ack', key: 'alias/lake-etl', by: 'ada' });
      }
    }

    const about = (text: string | undefined) => text?.includes('lake-etl');
    const mails = lambda.aws.sns.messages
      .filter(({ subject }) => about(subject))
      .map(({ subject }) => subject ?? '');
    const posts = lambda.aws.slack.inbox.filter(({ text }) => about(text)).map(({ text }) => text ?? '');
    expect(mails.map((subject) => subject.split(' ')[0])).toEqual(['NOTICE', 'PAGE', 'RESOLVED']);
    expect(posts.map((text) => text.split(' ')[0])).toEqual(['NOTICE', 'PAGE', 'RESOLVED']);
    expect(mails[1]).toMatch(/^PAGE lake-etl prod eu-central-1: worse, now \+\$[\d.]+\/h/);
  });

  it('wakes PagerDuty for the page, says that somebody has it and resolves the alert, and puts an event on the bus each time', () => {
    const { pagerduty, events } = lambda.aws;

    expect(pagerduty.inbox.map(({ action }) => action)).toEqual(['trigger', 'acknowledge', 'resolve']);
    expect([...pagerduty.alerts.values()]).toEqual(['resolved']);
    const told = events.inbox.map(({ detail }) => [detail['kind'], detail['severity']]);
    expect(told.filter(([kind]) => kind !== 'notice')).toEqual([
      ['opened', 'notice'],
      ['escalated', 'page'],
      ['resolved', 'page'],
    ]);
    expect(events.dropped).toEqual([]);
  });

  it('has acknowledged the incident in the name of whoever pasted the line', async () => {
    expect(acknowledged).toMatchObject({
      ok: true,
      action: 'ack',
      report: { acknowledged: [{ key: 'alias/lake-etl', by: 'ada' }] },
    });
  });

  it('answers status with the last run and every delivery', async () => {
    const answer = await lambda.invoke({ action: 'status' });

    expect(answer).toMatchObject({
      ok: true,
      action: 'status',
      report: {
        coverage: 1,
        deliveriesPending: 0,
        receivers: ['sns', 'slack', 'pagerduty', 'event'],
        lastRun: { keys: 39 },
      },
    });
  });

  it('proves each receiver with a marked drill', async () => {
    const answer = await lambda.invoke({ action: 'test-alert' });

    expect(answer).toMatchObject({
      ok: true,
      report: {
        receivers: [
          { receiver: 'sns', outcome: 'sent', proof: expect.stringContaining('confirmed') },
          { receiver: 'slack', outcome: 'sent', proof: 'Slack answered ok' },
          { receiver: 'pagerduty', outcome: 'sent', proof: expect.stringMatching(/^dedup_key drill-/) },
          { receiver: 'event', outcome: 'sent', proof: expect.stringMatching(/^EventId /) },
        ],
      },
    });
    expect(lambda.aws.slack.inbox.at(-1)?.text).toMatch(/drill/i);
  });

  it('answers an immediate check by hand', async () => {
    expect(await lambda.invoke({})).toMatchObject({ ok: true, action: 'check', report: { keys: 39 } });
  });

  it('judges a past moment from CloudWatch alone and writes nothing', async () => {
    const calls = lambda.aws.calls.length;

    const answer = await lambda.invoke({
      action: 'check',
      keys: ['alias/lake-*'],
      at: '2026-11-18T12:20:00Z',
    });

    expect(answer).toMatchObject({
      ok: true,
      report: { keys: 1, breaching: 1, incidents: [{ alias: 'alias/lake-etl', event: 'opened' }] },
    });
    const written = lambda.aws.calls
      .slice(calls)
      .map(({ action }) => action)
      .filter((action) => /Put|Delete|Update|Publish/.test(action));
    expect(written).toEqual([]);
  });

  it('explains why a moment was told of, and what was usual then', async () => {
    const answer = await lambda.invoke({
      action: 'explain',
      key: 'alias/lake-etl',
      operation: 'Decrypt',
      at: '2026-11-18T12:33:00Z',
    });

    expect(answer).toMatchObject({
      ok: true,
      action: 'explain',
      report: {
        unread: [],
        series: [
          {
            alias: 'alias/lake-etl',
            operation: 'Decrypt',
            bin: '2026-11-18T12:25:00Z',
            sentence: expect.stringMatching(/^the last .* hold [\d,]+ requests; /),
            windows: [{ windowSeconds: 300, goingOn: true }, {}, {}, {}],
          },
        ],
      },
    });
    const [series] = (answer as { report: { series: { requests: number; band: { upper: number } }[] } })
      .report.series;
    expect(series?.requests).toBeGreaterThan(series?.band.upper ?? Number.POSITIVE_INFINITY);
  });

  it.each([
    ['alias/lake-etl', 'a busy key by its newest events', 'known'],
    ['alias/nightly-export', 'a key that sleeps now by its last use', expect.stringMatching(/known/)],
  ])('looks into %s: %s', async (key, _, callers) => {
    const answer = await lambda.invoke({ action: 'diagnose', key });

    expect(answer).toMatchObject({
      ok: true,
      action: 'diagnose',
      report: {
        keys: [
          {
            aliases: [key],
            spec: 'SYMMETRIC_DEFAULT',
            usdPerMonth: { low: expect.any(Number), high: expect.any(Number) },
            callers: { kind: callers },
          },
        ],
      },
    });
  });

  it('mutes, lists and unmutes a key', async () => {
    const muted = await lambda.invoke({
      action: 'mute',
      key: 'alias/lake-*',
      until: 'P7D',
      reason: 'load test',
      by: 'ada',
    });
    const id = (muted as { report: { mute: { id: string } } }).report.mute.id;

    expect(muted).toMatchObject({
      ok: true,
      action: 'mute',
      report: {
        mute: { id: expect.stringMatching(/^[0-9a-f]{12}$/), keys: ['alias/lake-*'], by: 'ada' },
        matches: { examples: expect.arrayContaining(['alias/lake-etl']) },
      },
    });
    expect(await lambda.invoke({ action: 'status' })).toMatchObject({
      report: { mutes: [{ id, until: expect.stringMatching(/^2026-11-25T/), reason: 'load test' }] },
    });
    expect(await lambda.invoke({ action: 'unmute', mute: id, by: 'bob' })).toMatchObject({
      ok: true,
      report: { ended: { id } },
    });
    expect(await lambda.invoke({ action: 'unmute', mute: id, by: 'bob' })).toMatchObject({
      ok: false,
      error: { problems: [{ path: 'mute', value: id, expected: expect.stringContaining('there is none') }] },
    });
    expect(await lambda.invoke({ action: 'status' })).toMatchObject({ report: { mutes: [] } });
  });

  it('accepts the level of a key by name', async () => {
    const answer = await lambda.invoke({ action: 'accept', key: 'alias/lake-etl', by: 'ada' });

    expect(answer).toMatchObject({
      ok: true,
      action: 'accept',
      report: { key: 'alias/lake-etl', keyArn: expect.stringContaining(':key/'), by: 'ada', incidents: [] },
    });
  });

  it.each([
    [{ action: 'ack', key: 'alias/lake-etl', by: 'ada' }, 'key', 'a key with an open incident'],
    [{ action: 'ack', incident: 'kms-0', by: 'ada' }, 'incident', 'an open incident'],
    [{ action: 'accept', key: 'alias/lake-elt', by: 'ada' }, 'key', 'the nearest: alias/lake-etl'],
    [
      { action: 'mute', key: 'alias/none-*', until: 'P1D', reason: 'r', by: 'ada' },
      'key',
      'a key that the detector knows',
    ],
    [
      { action: 'mute', key: '*', until: '2026-11-18T00:00:00Z', reason: 'r', by: 'ada' },
      'until',
      'a time after',
    ],
  ])('answers %j with what belongs there', async (payload, path, expected) => {
    expect(await lambda.invoke(payload)).toMatchObject({
      ok: false,
      error: { code: 'InvalidRequest', problems: [{ path, expected: expect.stringContaining(expected) }] },
    });
  });

  it('has made only the calls that its role allows, and needs all that it allows', () => {
    const made = new Set(
      lambda.aws.calls
        .filter(({ service }) => service !== 'slack' && service !== 'pagerduty')
        .map(({ action }) => action),
    );
    made.delete('dynamodb:CreateTable');

    expect([...made].toSorted()).toEqual([...SDK_CALLS].toSorted());
  });

  it('has called nothing but the resources that its role names, and needs each of them', () => {
    const { aws, environment } = lambda;
    const { accountId, region } = aws.world;
    const grants = grantsOf(
      {
        'AWS::AccountId': accountId,
        'AWS::Region': region,
        SlackWebhookUrl: 'https://hooks.slack.com/services/T/B/X',
        PagerDutyRoutingKey: 'e93facc04764012d7bfb002500d5d1a6',
        EventBusName: environment['EVENT_BUS_NAME'] ?? '',
      },
      {
        '<StateTable>.Arn': `arn:aws:dynamodb:${region}:${accountId}:table/${environment['TABLE_NAME']}`,
        '<IncidentTopic>': environment['TOPIC_ARN'] ?? '',
        '<SlackWebhookSecret>': environment['SLACK_WEBHOOK_SECRET_ARN'] ?? '',
        '<PagerDutySecret>': environment['PAGERDUTY_SECRET_ARN'] ?? '',
      },
    );
    const calls = aws.calls.filter(
      ({ service, action }) =>
        service !== 'slack' && service !== 'pagerduty' && action !== 'dynamodb:CreateTable',
    );

    const refused = calls
      .filter((call) => !grants.some((grant) => covers(grant, call)))
      .map(({ action, resource }) => [action, resource?.split(':')[4]]);
    const unneeded = grants.filter(
      (grant) => !(grant.action in GRANTED_WITHOUT_A_CALL) && !calls.some((call) => covers(grant, call)),
    );
    // What another account's key is made of is that account's to tell: AWS refuses, and the spec is assumed.
    expect(refused).toEqual([['kms:DescribeKey', '444455556666']]);
    expect(accountId).not.toBe('444455556666');
    expect(unneeded).toEqual([]);
  });

  it.each([
    ['a list', [], { path: '', expected: expect.stringContaining('JSON object') }],
    ['a text', 'check', { path: '' }],
    [
      'an unknown action',
      { action: 'chekc' },
      { path: 'action', value: 'chekc', expected: expect.stringContaining('check') },
    ],
    [
      'an unknown field',
      { action: 'check', lookBack: 'PT6H' },
      { path: 'lookBack', value: 'PT6H', expected: 'no such field; did you mean lookback?' },
    ],
    [
      'a duration in words',
      { action: 'check', lookback: '6 hours' },
      { path: 'lookback', value: '6 hours', expected: 'ISO 8601 duration such as PT6H' },
    ],
    ['a duration of nothing', { action: 'check', lookback: 'PT' }, { path: 'lookback' }],
    ['a time that is none', { action: 'check', at: 'yesterday' }, { path: 'at', value: 'yesterday' }],
    [
      'a moment to come',
      { action: 'check', at: '2031-01-01T00:00:00Z' },
      { path: 'at', expected: expect.stringContaining('past') },
    ],
    [
      'notify for a replay',
      { action: 'check', lookback: 'PT6H', notify: true },
      { path: 'notify', value: true },
    ],
    ['keys that are no list', { action: 'check', keys: 'alias/x' }, { path: 'keys', value: 'alias/x' }],
    ['a key that is none', { action: 'check', keys: ['alias/<x>'] }, { path: 'keys.0', value: 'alias/<x>' }],
    [
      'notify in words',
      { action: 'check', notify: 'yes' },
      { path: 'notify', value: 'yes', expected: 'true or false' },
    ],
    ['a key that nobody has', { action: 'explain', key: 'alias/<x>' }, { path: 'key', value: 'alias/<x>' }],
    [
      'an explanation of a moment to come',
      { action: 'explain', key: '*', at: '2031-01-01T00:00:00Z' },
      { path: 'at', expected: expect.stringContaining('past') },
    ],
    [
      'an order that is none',
      { action: 'top', by: 'name' },
      { path: 'by', value: 'name', expected: 'requests, cost, quota' },
    ],
    [
      'a period that CloudWatch has forgotten',
      { action: 'top', last: 'P64D' },
      { path: 'last', value: 'P64D', expected: expect.stringContaining('PT5M to P63D') },
    ],
    [
      'a list of half a key',
      { action: 'top', limit: 0.5 },
      { path: 'limit', value: 0.5, expected: 'a whole number from 1 to 500' },
    ],
    [
      'a look into no key',
      { action: 'top', diagnose: 0 },
      { path: 'diagnose', value: 0, expected: 'a whole number from 1 to 500' },
    ],
    ['a field for another action', { action: 'status', keys: ['*'] }, { path: 'keys' }],
    ['an ack of nothing', { action: 'ack', by: 'ada' }, { path: 'incident' }],
    ['a mute of nobody', { action: 'mute', key: '*', until: 'P1D', reason: 'r', by: ' ' }, { path: 'by' }],
  ])('refuses %s, names the field and changes nothing', async (_, payload, problem) => {
    const calls = lambda.aws.calls.length;

    const answer = await lambda.invoke(payload);

    expect(answer).toMatchObject({ ok: false, error: { code: 'InvalidRequest', problems: [problem] } });
    expect(lambda.aws.calls).toHaveLength(calls);
  });
});

describe('a bot of Slack', () => {
  it('tells a runaway in one message that it edits, with each step in its thread', async () => {
    const runaway = { keyAlias: 'alias/lake-etl', operation: 'Decrypt', from: NOON + 600, to: NOON + 2400 };
    const world = createWorld({
      startsAt: NOON,
      historyDays: 15,
      keys: 2,
      runaways: [{ ...runaway, kind: 'retryStorm', requestsPerSecond: 2000 }],
    });
    const lambda = await deployLambda({ world, receivers: 'slackBot' });
    try {
      for (let minutes = 3; minutes <= 230; minutes += 5) {
        await lambda.checkAt(new Date((NOON + minutes * 60) * 1000).toISOString());
      }

      const about = [...lambda.aws.slackApi.messages.values()].filter(({ text }) =>
        text?.includes('lake-etl'),
      );
      const [opening, ...replies] = about;
      expect(about.map(({ text }) => text?.split(' ')[0])).toEqual(['RESOLVED', 'PAGE', 'RESOLVED']);
      expect(opening?.edits).toBe(2);
      expect(replies.map(({ threadTs }) => threadTs)).toEqual([opening?.ts, opening?.ts]);
      expect(lambda.aws.slack.inbox).toEqual([]);
    } finally {
      await lambda.close();
    }
  });
});

describe('the metrics of a run', () => {
  it('emits the metrics that the alarms watch, for a scheduled check only', async () => {
    const world = createWorld({ startsAt: NOON, keys: 3 });
    const lambda = await deployLambda({ world }, { POWERTOOLS_METRICS_DISABLED: 'false' });
    const lines: string[] = [];
    const log = vi
      .spyOn(process.stdout, 'write')
      .mockImplementation((chunk) => lines.push(String(chunk)) > 0);
    await lambda.checkAt('2026-11-18T12:03:00Z');
    await lambda.invoke({});
    log.mockRestore();
    await lambda.close();

    const emitted = lines
      .filter((line) => line.includes('CloudWatchMetrics'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(emitted).toHaveLength(1);
    expect(emitted[0]).toMatchObject({
      stack: expect.any(String),
      Heartbeat: 1,
      Coverage: 100,
      _aws: { CloudWatchMetrics: [{ Namespace: 'KmsRunawayDetector', Dimensions: [['stack']] }] },
    });
    expect(Object.keys(RUN_METRICS).filter((name) => !(name in (emitted[0] ?? {})))).toEqual([]);
  });
});

describe('the keys that use most', () => {
  it('are ranked, and nothing is written', async () => {
    const world = createWorld({ startsAt: NOON, historyDays: 15, keys: 5 });
    const { aws, invoke, checkAt, close } = await deployLambda({ world });
    await checkAt('2026-11-18T12:03:00Z');
    aws.calls.length = 0;

    const answer = await invoke({ action: 'top', by: 'quota', last: 'PT3H', limit: 2, diagnose: 1 });

    await close();
    expect(answer).toMatchObject({
      ok: true,
      action: 'top',
      report: {
        region: 'eu-central-1',
        by: 'quota',
        from: '2026-11-18T09:05:00Z',
        to: '2026-11-18T12:00:00Z',
        keys: [{ aliases: ['alias/aws/s3'], quota: { group: 'symmetric', perSecond: 20_000 } }, {}],
        notRead: { count: 0 },
        notes: [],
        diagnoses: [{ aliases: ['alias/aws/s3'], callers: { kind: 'known' }, usd: expect.any(Number) }],
      },
    });
    const written = aws.calls
      .map(({ action }) => action)
      .filter((action) => /Put|Delete|Update|Publish/.test(action));
    expect(aws.calls.length).toBeGreaterThan(0);
    expect(written).toEqual([]);
  });
});

describe('a key of which nobody wants to hear until Friday', () => {
  it('is quiet after one command, and is told of on Friday if it still goes on', async () => {
    const friday = Date.parse('2026-11-20T08:00:00Z') / 1000;
    const storm = { keyAlias: 'alias/lake-etl', operation: 'Decrypt', from: NOON + 600, to: friday + 7200 };
    const world = createWorld({
      startsAt: NOON,
      historyDays: 15,
      keys: 5,
      runaways: [{ ...storm, kind: 'retryStorm', requestsPerSecond: 2000 }],
    });
    const { aws, invoke, checkAt, close } = await deployLambda({ world, receivers: 'all' });
    const told = () => aws.sns.messages.filter(({ subject }) => subject?.includes('lake-etl')).length;
    await checkAt('2026-11-18T12:03:00Z');

    const until = '2026-11-20T08:00:00Z';
    const command = { action: 'mute', key: 'alias/lake-etl', until, reason: 'the new lake', by: 'ada' };
    const answer = await invoke(command);
    await checkAt('2026-11-18T12:18:00Z');
    const quiet = [told(), aws.slack.inbox.filter(({ text }) => text?.includes('lake-etl')).length];
    await checkAt('2026-11-20T08:03:00Z');
    const after = told();

    await close();
    expect(answer).toMatchObject({ ok: true, report: { mute: { until }, matches: { count: 1 } } });
    expect(quiet).toEqual([0, 0]);
    expect(after).toBe(1);
  });
});

describe('an account without any use of KMS', () => {
  it('is checked, and there is nothing to say', async () => {
    const lambda = await deployLambda();
    try {
      const answer = await lambda.checkAt('2026-11-18T12:03:00Z');

      expect(answer).toMatchObject({ ok: true, report: { keys: 0, series: 0, incidents: [] } });
    } finally {
      await lambda.close();
    }
  });
});

describe('an account whose metrics cannot be read', () => {
  it('fails the invocation, so that Lambda counts an error', async () => {
    const lambda = await deployLambda({ world: createWorld({ startsAt: NOON, historyDays: 15, keys: 5 }) });
    try {
      lambda.aws.faults.add({
        service: 'cloudwatch',
        action: 'GetMetricData',
        error: 'AccessDenied',
        times: 'always',
      });

      await expect(lambda.checkAt('2026-11-18T12:03:00Z')).rejects.toThrow(
        /None of \d+ keys could be checked: .*forbidden/,
      );
    } finally {
      await lambda.close();
    }
  });
});
