import { describe, expect, it } from 'vitest';
import { backtest } from '../../shared/app/backtest.ts';
import type { Recording } from '../../shared/app/recording.ts';
import { regionSubject } from '../../shared/domain/usage/key.ts';
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
