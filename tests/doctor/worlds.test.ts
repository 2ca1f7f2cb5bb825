import { describe, expect, test } from 'vitest';
import type { WorldSwitches } from '../../infra/local/world-switches.ts';
import { QUESTIONS } from '../../shared/app/doctor/doctor.ts';
import { NOON } from '../local/a-world.ts';
import { aDoctor, anAccount, aSeries, KEYS, verdictsOf } from '../support/a-doctor.ts';
import { WORLDS } from '../support/worlds.ts';

/** What a doctor says in each world, and by what: undefined where everything is as assumed. */
const DIFFERENCES: Readonly<Record<string, readonly [id: string, evidence: RegExp] | undefined>> = {
  'idle minutes leave gaps': undefined,
  'idle minutes are published as zeros': ['idle-minutes', /^\d+ datapoints of 0 in 5 metrics$/],
  // The settle delay is 3 minutes: that late is what the detector is made for.
  'datapoints are 3 minutes late': undefined,
  'datapoints are 5 minutes late': ['publication-delay', /the delay is 240 s to 5 min/],
  'datapoints are 10 minutes late': ['publication-delay', /the delay is 9 min to 10 min/],
  'datapoints appear in part at first': ['settling', /^4 of \d+ datapoints of the last quarter/],
  'metrics are kept in the account of the owner': [
    'cross-account',
    /^CloudTrail shows that 1 key of another/,
  ],
  'metrics have no unit': ['unit', /^of 179 datapoints, 0 with unit Count and 179 with unit None$/],
  // As late as AWS documents it.
  'new metrics are listed a quarter of an hour late': undefined,
};

/** What no world of the scenarios is like, but a real account may be. */
const BEYOND: readonly [name: string, switches: Partial<WorldSwitches>, id: string, evidence: RegExp][] = [
  [
    'CloudTrail knows keys by their id',
    { trailResourceName: 'keyId' },
    'trail-key-name',
    /by its ARN, 50 by its id$/,
  ],
  ['CloudTrail knows no key', { trailResourceName: 'none' }, 'trail-key-name', /found by its ARN or its id/],
  ['CloudTrail is 20 minutes late', { trailDelaySeconds: 1200 }, 'trail-delay', /is 20 min old$/],
  [
    'new metrics are listed 25 minutes late',
    { newMetricListedAfterSeconds: 1500 },
    'new-metrics',
    /^1 metric with requests for 20 min and not listed yet$/,
  ],
];

const newKey = () =>
  aSeries([`arn:aws:kms:eu-central-1:111122223333:key/${KEYS.archive}`], 'Encrypt', () => 30, NOON - 1500);

describe('a doctor', () => {
  test('knows the worlds of all scenarios', () => {
    expect(Object.keys(DIFFERENCES)).toEqual(Object.keys(WORLDS));
  });

  test.each(Object.entries(WORLDS))('sees that %s, and nothing else', async (name, switches) => {
    const { ask } = await aDoctor(anAccount(switches));

    const report = await ask();

    const [id, evidence] = DIFFERENCES[name] ?? [];
    const expected = Object.fromEntries(QUESTIONS.map((question) => [question.id, 'asAssumed']));
    expect(verdictsOf(report)).toEqual({
      ...expected,
      ...(id === undefined ? {} : { [id]: 'differs' }),
      // The embedded AWS has no metric math.
      'quota-function': 'unknown',
    });
    if (evidence) expect(report.findings.find((one) => one.id === id)?.evidence).toMatch(evidence);
  });

  test.each(BEYOND)('sees that %s', async (_, switches, id, evidence) => {
    const { ask } = await aDoctor(anAccount(switches, [newKey()]));

    const { findings } = await ask();

    const found = findings.find((one) => one.id === id);
    expect(found).toMatchObject({ verdict: 'differs', evidence: expect.stringMatching(evidence) as string });
    expect(found?.consequence).toBeTruthy();
  });

  test('measures how late datapoints are also where they are early enough', async () => {
    const { ask } = await aDoctor(anAccount({ publicationDelaySeconds: 180 }));

    const { findings } = await ask();

    expect(findings.find(({ id }) => id === 'publication-delay')?.evidence).toContain('120 s to 180 s');
  });

  test('does not take a job that has ended for late datapoints', async () => {
    const orders = [`arn:aws:kms:eu-central-1:111122223333:key/${KEYS.orders}`];
    const job = aSeries(orders, 'Decrypt', (bin) => (bin * 300 < NOON - 2400 ? 5000 : 0));
    const alone = await aDoctor({ ...anAccount(), series: [job] });
    const amongOthers = await aDoctor(
      anAccount({}, [{ ...job, dimensions: aSeries(orders, 'Encrypt', Number).dimensions }]),
    );

    const verdicts = [verdictsOf(await alone.ask()), verdictsOf(await amongOthers.ask())];

    expect(verdicts.map((one) => [one['publication-delay'], one['trail-delay']])).toEqual([
      ['unknown', 'unknown'],
      ['asAssumed', 'asAssumed'],
    ]);
  });

  test('says nothing of an account that does not use KMS, and is done in a few calls', async () => {
    const { ask } = await aDoctor({ ...anAccount(), series: [], keys: [] });

    const report = await ask();

    expect(new Set(Object.values(verdictsOf(report)))).toEqual(new Set(['unknown']));
    expect(report.findings.map(({ id }) => id)).toEqual(QUESTIONS.map(({ id }) => id));
    expect(report.cost.seconds).toBe(0);
  });
});
