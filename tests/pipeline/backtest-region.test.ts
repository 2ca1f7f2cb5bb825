import { describe, expect, it } from 'vitest';
import { type BacktestSettings, backtest } from '../../shared/app/backtest.ts';
import type { Recording } from '../../shared/app/recording.ts';
import {
  isRegionSubject,
  type KeyArn,
  keyArnParts,
  regionSubject,
  type Target,
} from '../../shared/domain/usage/key.ts';
import { parsePolicy } from '../../shared/policy-document.ts';
import { aKeyArn } from '../support/keys.ts';

const BINS = 9 * 288;
const FROM = 8 * 288;
const RISE = FROM + 24;
const SUBJECT = regionSubject('eu-central-1');

/** Keys that make 32 requests a second each, and the n-th as often as `factor` says. */
const recordingOf = (factor: (bin: number, n: number) => number): Recording => ({
  series: Array.from({ length: 30 }, (_, n) => ({
    id: { keyArn: aKeyArn(n), operation: 'Decrypt' },
    usage: {
      startBin: 0,
      requests: Float64Array.from(
        { length: BINS },
        (__, bin) => (9600 + ((bin * 7 + n) % 90)) * factor(bin, n),
      ),
    },
  })),
  startBin: 0,
  endBin: BINS,
  rows: 30 * BINS,
});

const replay = (recording: Recording, perSecond: number, policy?: unknown) =>
  backtest(recording, {
    policy: parsePolicy(policy, { sensitivity: 200, pageUsdPerHour: 10, noticeUsdPerHour: 0.5 }),
    directory: { keys: new Map() },
    settleSeconds: 180,
    quota: () => ({ perSecond, assumed: true }),
    fromBin: FROM,
  });

const aboutRegion = ({ messages }: ReturnType<typeof replay>) =>
  messages.filter(({ keyArns }) => keyArns.includes(SUBJECT)).map(({ kind, severity }) => [kind, severity]);

/** All keys double within half an hour, for two hours. */
const doubling = (bin: number) =>
  bin >= RISE && bin < RISE + 24 ? 1 + Math.min(1, (bin - RISE + 1) / 6) : 1;

describe('a backtest of the Region', () => {
  it('tells once that all keys together near the quota, and once that it is over', () => {
    const result = replay(recordingOf(doubling), 2_100);

    expect(aboutRegion(result)).toEqual([
      ['opened', 'page'],
      ['resolved', 'page'],
    ]);
    expect(result.incidents.filter(({ keyArn }) => keyArn === SUBJECT)).toMatchObject([
      { status: 'resolved', operations: [], tally: { excessUsd: 0 } },
    ]);
  });

  it('changes nothing where the quota is far away', () => {
    const result = replay(recordingOf(doubling), 20_000);

    expect(result.incidents.map(({ keyArn }) => keyArn)).not.toContain(SUBJECT);
    expect(aboutRegion(result)).toEqual([]);
  });

  it('records it without a message where one key is guilty and told of', () => {
    const guilty = recordingOf((bin, n) => (n === 7 && bin >= RISE && bin < RISE + 24 ? 40 : 1));

    const result = replay(guilty, 2_300);

    expect(result.messages.filter(({ kind }) => kind === 'opened')).toMatchObject([
      { severity: 'page', keyArns: [aKeyArn(7)] },
    ]);
    expect(result.incidents.find(({ keyArn }) => keyArn === SUBJECT)).toMatchObject({ severity: 'digest' });
  });

  it('takes the use of excluded keys for usual', () => {
    const policy = { version: 1, exclude: Array.from({ length: 30 }, (_, n) => aKeyArn(n)) };

    expect(aboutRegion(replay(recordingOf(doubling), 2_100, policy))).toEqual([
      ['opened', 'notice'],
      ['resolved', 'notice'],
    ]);
  });
});

describe('a backtest over several Regions and accounts', () => {
  const LAKE = '222233334444';

  /** 15 keys here and 15 there, each as often used as in the other tests. */
  const spread = (there: { readonly account?: string; readonly region?: string }): Recording => {
    const whole = recordingOf(doubling);
    const series = whole.series.map((one, n) => {
      const keyArn = n % 2 === 0 ? one.id.keyArn : aKeyArn(n, there.account, there.region);
      return { ...one, id: { ...one.id, keyArn } };
    });
    return { ...whole, series };
  };

  const replayBy = (
    recording: Recording,
    perSecond: (target: Target) => number,
    more: Pick<BacktestSettings, 'targetOf' | 'isTimeUp'> = {},
  ) =>
    backtest(recording, {
      policy: parsePolicy(undefined, { sensitivity: 200, pageUsdPerHour: 10, noticeUsdPerHour: 0.5 }),
      directory: { keys: new Map() },
      settleSeconds: 180,
      quota: (_, target) => ({ perSecond: perSecond(target), assumed: true }),
      fromBin: FROM,
      ...more,
    });

  const quotasTold = ({ incidents, messages }: ReturnType<typeof replayBy>) => ({
    incidents: incidents.map(({ keyArn }) => keyArn).filter(isRegionSubject),
    messages: messages.flatMap(({ keyArns }) => keyArns.filter(isRegionSubject)),
  });

  it('holds the keys of each Region against the quota of that Region', () => {
    const recording = spread({ region: 'us-east-1' });

    const result = replayBy(recording, ({ region }) => (region === 'us-east-1' ? 100_000 : 1_050));

    expect(quotasTold(result)).toEqual({ incidents: [SUBJECT], messages: [SUBJECT, SUBJECT] });
    expect(result.series).toBe(30);
  });

  it('never adds up what counts against different quotas', () => {
    const recording = spread({ region: 'us-east-1' });

    // Together they would near this quota, as in the first test.
    expect(quotasTold(replayBy(recording, () => 2_100))).toEqual({ incidents: [], messages: [] });
  });

  it('keeps accounts apart by where their keys are listed, and names the account', () => {
    const recording = spread({ account: LAKE });
    const targetOf = (keyArn: KeyArn): Target => {
      const { region, accountId } = keyArnParts(keyArn);
      return accountId === LAKE ? { region, account: LAKE } : { region };
    };
    const subject = regionSubject('eu-central-1', LAKE);

    const result = replayBy(recording, ({ account }) => (account === LAKE ? 1_050 : 2_100), { targetOf });

    expect(quotasTold(result)).toEqual({ incidents: [subject], messages: [subject, subject] });
    // A recording that knows no accounts is of one: there a foreign key counts with the others.
    expect(quotasTold(replayBy(recording, () => 2_100)).incidents).toEqual([SUBJECT]);
  });

  it('says nothing of quotas whose keys it had no time to judge', () => {
    const recording = spread({ region: 'us-east-1' });
    let keys = 0;

    const result = replayBy(recording, () => 1_050, { isTimeUp: () => keys++ >= 20 });

    expect(result.series).toBe(20);
    expect(quotasTold(result).incidents).toEqual([SUBJECT]);
  });
});
