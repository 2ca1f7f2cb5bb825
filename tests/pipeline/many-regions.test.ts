import { describe, expect, it } from 'vitest';
import { detect } from '../../shared/app/detect.ts';
import type { DetectSettings } from '../../shared/app/detect-request.ts';
import { defaultQuota } from '../../shared/domain/assess/quota.ts';
import { parseKeyArn, regionSubject } from '../../shared/domain/usage/key.ts';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import { BIN_SECONDS, binAt, binEnd } from '../../shared/domain/usage/time.ts';
import { parsePolicy } from '../../shared/policy-document.ts';
import { renderEmail } from '../../shared/render/email.ts';
import { headline } from '../../shared/render/headline.ts';
import { aDetector, binsAfterStart, START } from '../support/a-detector.ts';

const HOME = '111122223333';
const LAKE = '222233334444';
const SHOP = '333344445555';
const HOUR = 3_600;

const keyIn = (account: string, region: string, n = 1) => {
  const id = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const keyArn = parseKeyArn(`arn:aws:kms:${region}:${account}:key/${id}`);
  if (!keyArn) throw new Error('no key');
  return keyArn;
};

const decrypts = (account: string, region: string, n?: number): Metric => ({
  kind: 'key',
  keyArn: keyIn(account, region, n),
  operation: 'Decrypt',
  ...(account === HOME ? {} : { account }),
});

const steady = () => 3_000;
const storm = (perBin: number) => (bin: number) => (binsAfterStart(bin) >= 6 ? perBin : 3_000);

const PLACES = [HOME, LAKE, SHOP].flatMap((account) =>
  ['eu-central-1', 'us-east-1'].map((region) => [account, region] as const),
);

/** Three accounts in two Regions, a key in each, with a storm in some of them. */
function aFleet(storms: Readonly<Record<string, number>> = {}, policy: object = {}) {
  const detector = aDetector({
    traces: PLACES.map(([account, region]) => {
      const perBin = storms[`${account} ${region}`];
      return { metric: decrypts(account, region), requests: perBin === undefined ? steady : storm(perBin) };
    }),
    keys: PLACES.map(([account, region]) => ({
      keyArn: keyIn(account, region),
      aliases: ['alias/orders'],
      spec: 'SYMMETRIC_DEFAULT',
    })),
  });
  const accounts = { [LAKE]: 'lake', [SHOP]: 'shop' };
  const settings: DetectSettings = {
    ...detector.settings,
    policy: parsePolicy({ version: 1, accounts, ...policy }, detector.settings.policy.defaults),
    origin: { ...detector.settings.origin, accountId: HOME, accounts, functionName: 'detector' },
    quota: (group, region = 'eu-central-1') => defaultQuota(group, region),
    watched: { regions: ['eu-central-1', 'us-east-1'], linkedAccounts: true },
  };
  const run = (at: number, scheduled = true) => {
    detector.ports.clock.set(at);
    return detect(detector.ports, settings, {
      runId: `run-${at}`,
      asOf: at,
      deadline: at + 240,
      replay: false,
      lookbackSeconds: 0,
      notify: true,
      scheduled,
    });
  };
  const runUntil = async (to: number) => {
    let last = await run(START + 180);
    for (let bin = binAt(START); binEnd(bin) <= to; bin++) last = await run(binEnd(bin) + 180);
    return last;
  };
  return { ...detector, settings, run, runUntil };
}

const headlines = (messages: Parameters<typeof headline>[0][]) =>
  messages.filter(({ kind }) => kind !== 'notice').map((message) => headline(message, 120));

describe('three accounts in two Regions', () => {
  it('tell of a key by the name, account and Region that it has, with the lines of the one function', async () => {
    const { runUntil, email } = aFleet({ [`${LAKE} us-east-1`]: 1_500_000 });

    const report = await runUntil(START + 45 * 60);

    expect(report).toMatchObject({ keys: 6, breaching: 1 });
    expect(headlines(email.messages)[0]).toMatch(/^(PAGE|NOTICE) orders lake us-east-1: /);
    const [told] = email.messages.filter(({ kind }) => kind === 'incident');
    expect(told && renderEmail(told).text).toContain('--function-name detector --region eu-central-1');
  });

  it('are told in one message when several run away together, each with its place', async () => {
    const { runUntil, email } = aFleet({
      [`${LAKE} us-east-1`]: 1_500_000,
      [`${SHOP} eu-central-1`]: 1_400_000,
      [`${SHOP} us-east-1`]: 1_300_000,
    });

    await runUntil(START + 45 * 60);

    expect(headlines(email.messages)[0]).toMatch(/^PAGE 3 keys 2 accounts 2 Regions: /);
    const [told] = email.messages.filter(({ kind }) => kind === 'group');
    const body = told ? renderEmail(told).text : '';
    expect(body).toContain('orders, lake us-east-1:');
    expect(body).toContain('orders, shop eu-central-1:');
  });

  it('have one digest, in which keys elsewhere have their place', async () => {
    const { runUntil, run, email } = aFleet({
      [`${HOME} eu-central-1`]: 9_000,
      [`${SHOP} us-east-1`]: 9_000,
    });
    await runUntil(START + 2 * HOUR);

    await run(START + 24 * HOUR + 180);

    const digests = email.messages.flatMap((message) =>
      message.kind === 'notice' && message.notice.facts.kind === 'digest' ? [message.notice.facts] : [],
    );
    expect(digests.map(({ incidents }) => incidents.map(({ name }) => name).toSorted())).toEqual([
      ['orders', 'orders in shop us-east-1'],
    ]);
  });

  it('have one policy, whose patterns reach over accounts and Regions', async () => {
    const { runUntil, email } = aFleet(
      { [`${LAKE} us-east-1`]: 1_500_000, [`${SHOP} us-east-1`]: 1_500_000 },
      { exclude: [`arn:aws:kms:*:${LAKE}:key/*`] },
    );

    const report = await runUntil(START + 45 * 60);

    expect(report).toMatchObject({ excluded: 2, unresolved: [] });
    expect(headlines(email.messages)[0]).toMatch(/^(PAGE|NOTICE) orders shop us-east-1: /);
  });

  it('count against the quotas of their own account and Region', async () => {
    const full = 19_000 * BIN_SECONDS;
    const { runUntil, recorded, ports } = aFleet();
    for (const [target, requests] of [
      [{ account: SHOP, region: 'eu-central-1' }, full],
      [{ account: LAKE, region: 'us-east-1' }, full],
      [{}, 100],
    ] as const) {
      const metric: Metric = { kind: 'callCount', resource: 'CryptographicOperationsSymmetric', ...target };
      recorded.record(
        metric,
        binAt(START) - 40,
        Array.from({ length: 80 }, () => requests),
      );
    }

    await runUntil(START + 600);

    const { open } = await ports.incidents.loadOpen();
    // The documented quota of us-east-1 is five times that of eu-central-1.
    expect(open.map(({ record }) => record.incident.keyArn)).toEqual([regionSubject('eu-central-1', SHOP)]);
  });

  it('go on when one Region cannot be listed, and the report says which', async () => {
    const { ports, run } = aFleet();
    await run(START + 180);
    const { metricDirectory } = ports;
    const partly: typeof metricDirectory.listMetrics = (span) => metricDirectory.listMetrics(span);
    Object.assign(ports, {
      metricDirectory: {
        listMetrics: (span: 'all', onFault: (target: object, error: unknown) => void) => {
          onFault({ region: 'us-east-1' }, new Error('not opted in'));
          return partly(span);
        },
      },
    });

    expect(await run(START + 480)).toMatchObject({ keys: 6, stale: ['metrics of us-east-1'] });
  });

  it('say of a key that nobody may look up which parameter would change that', async () => {
    const { runUntil, email, ports } = aFleet({ [`${LAKE} us-east-1`]: 1_500_000 });
    Object.assign(ports, {
      keyLookup: {
        listAliases: () => Promise.resolve(new Map()),
        describeKey: () => Promise.resolve(undefined),
      },
    });

    await runUntil(START + 45 * 60);

    const [told] = email.messages.filter(({ kind }) => kind === 'incident');
    expect(told && renderEmail(told).text.replaceAll(/\s+/g, ' ')).toContain(
      `keys of account ${LAKE} can be looked up with EnrichmentRoleName`,
    );
  });
});

describe('the first report on several accounts and Regions', () => {
  it('holds the past of their keys against the quotas of their own target', async () => {
    /** Six keys in each of two targets, used twice as much for two hours three days ago. */
    const rise = binAt(START) - 3 * 288;
    const doubled = (bin: number) =>
      Math.round(9_600 * (bin >= rise && bin < rise + 24 ? 1 + Math.min(1, (bin - rise + 1) / 6) : 1)) +
      (bin % 7);
    const targets = [
      [LAKE, 'us-east-1'],
      [SHOP, 'eu-central-1'],
    ] as const;
    const detector = aDetector({
      traces: targets.flatMap(([account, region]) =>
        Array.from({ length: 6 }, (_, n) => ({ metric: decrypts(account, region, n), requests: doubled })),
      ),
    });
    const settings: DetectSettings = {
      ...detector.settings,
      origin: { ...detector.settings.origin, accountId: HOME, accounts: { [SHOP]: 'shop' } },
      quota: (_, region) => ({ perSecond: region === 'us-east-1' ? 4_000 : 400, assumed: true }),
      watched: { regions: ['eu-central-1', 'us-east-1'], linkedAccounts: true },
    };
    const at = START + 180;
    detector.ports.clock.set(at);

    await detect(detector.ports, settings, {
      runId: 'first',
      asOf: at,
      deadline: at + 240,
      replay: false,
      lookbackSeconds: 0,
      notify: true,
      scheduled: true,
    });

    const [history] = detector.email.messages.flatMap((message) =>
      message.kind === 'notice' && message.notice.facts.kind === 'firstDay'
        ? [message.notice.facts.history]
        : [],
    );
    expect(history).toMatchObject({ total: 1, leftOut: 0 });
    expect(history?.incidents.map(({ name }) => name)).toEqual(['KMS quota in shop eu-central-1']);
  });
});
