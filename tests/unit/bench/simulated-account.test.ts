import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Account, simulate } from '../../../bench/detection/world/account.ts';
import { moneyLabels, scoreLabels } from '../../../bench/detection/world/label-account.ts';
import { dollarAccount, quietAccount, smallFleet } from '../../../bench/detection/world/plans.ts';
import { randomFrom } from '../../../bench/detection/world/random.ts';
import { seriesName } from '../../../shared/domain/usage/key.ts';

/** What tells two recordings apart, without comparing millions of numbers one by one. */
const digestOf = (account: Account) => {
  const hash = createHash('sha256');
  for (const { id, usage } of account.recording.series)
    hash.update(`${seriesName(id)} ${usage.startBin}`).update(Buffer.from(usage.requests.slice().buffer));
  return hash.digest('hex');
};

const seconds = (iso: string) => Date.parse(iso) / 1000;

describe('a simulated account', () => {
  const account = simulate(dollarAccount(7, 24));
  const labels = moneyLabels(account);

  it('is the same for the same seed, and another for another', () => {
    const again = simulate(dollarAccount(7, 24));

    expect(digestOf(again)).toBe(digestOf(account));
    expect(digestOf(simulate(dollarAccount(8, 24)))).not.toBe(digestOf(account));
  });

  it('keeps its keys when there are fewer of them', () => {
    const smaller = simulate(dollarAccount(7, 6));

    expect(moneyLabels(smaller).keys).toEqual(labels.keys.slice(0, 6));
  });

  it('holds whole requests from the first one of each series on', () => {
    const { series, endBin } = account.recording;

    for (const { usage } of series) {
      expect(usage.requests[0]).toBeGreaterThan(0);
      expect(usage.startBin + usage.requests.length).toBe(endBin);
      expect(usage.requests.every((count) => Number.isInteger(count) && count >= 0)).toBe(true);
    }
  });

  it('labels runaways within the judged weeks, with the requests they added', () => {
    const runaways = labels.keys.flatMap((key) => key.runaways);

    expect(runaways.length).toBeGreaterThan(4);
    for (const { from, to, usd, peakUsdPerHour, excess } of runaways) {
      expect(seconds(from)).toBeGreaterThanOrEqual(seconds(labels.judgeFrom));
      expect(seconds(to)).toBeLessThanOrEqual(seconds(labels.endsAt));
      expect(excess).toHaveLength((seconds(to) - seconds(from)) / 300);
      const added = excess.reduce((sum, count) => sum + count, 0);
      expect(usd).toBeCloseTo(added * labels.usdPerRequest);
      expect(peakUsdPerHour).toBeLessThanOrEqual(usd * 1.000001);
    }
  });

  it('blames a series only for what went through it', () => {
    const { series } = scoreLabels(account);
    const inMoney = labels.keys.flatMap((key) => key.runaways);
    const inScores = series.flatMap((one) => one.runaways);

    expect(series.map(({ keyArn, operation }) => ({ keyArn, operation }))).toEqual(
      account.recording.series.map(({ id }) => id),
    );
    expect(inScores.length).toBeGreaterThanOrEqual(inMoney.length);
  });

  it('is quiet for half a year when it is to be, and small in a fleet', () => {
    const quiet = simulate(quietAccount(7, 6));
    const fleet = simulate(smallFleet(7, 12));

    expect(quiet.keys.flatMap((key) => key.runaways)).toEqual([]);
    expect(quiet.recording.endBin - quiet.judgeFromBin).toBe(26 * 2016);
    expect(fleet.recording.series.length).toBeLessThanOrEqual(12);
  });
});

describe('chance', () => {
  it('draws counts with the mean and variance of Poisson, on both sides of the approximation', () => {
    for (const mean of [0.3, 8, 200]) {
      const random = randomFrom(3, mean);
      const counts = Array.from({ length: 20_000 }, () => random.poisson(mean));

      const average = counts.reduce((sum, count) => sum + count, 0) / counts.length;
      const variance = counts.reduce((sum, count) => sum + (count - average) ** 2, 0) / counts.length;

      expect(average / mean).toBeCloseTo(1, 1);
      expect(variance / mean).toBeCloseTo(1, 1);
    }
  });

  it('picks by weight', () => {
    const random = randomFrom(4);
    const picks = Array.from({ length: 4000 }, () => random.weighted({ often: 3, rarely: 1, never: 0 }));

    expect(picks.filter((pick) => pick === 'often').length / picks.length).toBeCloseTo(0.75, 1);
    expect(picks).not.toContain('never');
  });
});
