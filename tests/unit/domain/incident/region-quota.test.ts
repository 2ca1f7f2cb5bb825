import { describe, expect, it } from 'vitest';
import type { Quota } from '../../../../shared/domain/assess/quota.ts';
import { sumRegionUse } from '../../../../shared/domain/assess/region-use.ts';
import {
  enterPaged,
  enterUsual,
  observeRegion,
  watchRegion,
} from '../../../../shared/domain/incident/region-quota.ts';
import { UNKNOWN } from '../../../../shared/domain/usage/series.ts';
import { aKeyArn } from '../../../support/keys.ts';

/** A quota of 1,000 a second: shares in percent are tens of requests a second. */
const QUOTA: Quota = { perSecond: 1_000, assumed: false, readAt: 0 };
const ofQuota = (percent: number): number => (percent / 100) * 1_000 * 300;

interface Parts {
  /** Shares of two keys together in consecutive bins, in percent; NaN: not read. */
  readonly keys: readonly number[];
  /** The same as AWS counts it. */
  readonly callCount?: readonly number[];
  readonly usual?: number;
  /** Excess of a key that pages, in percent, in the last bin. */
  readonly paged?: number;
  readonly quota?: Partial<Quota>;
}

/** What is seen in the last of the bins. */
function seen({ keys, callCount, usual = 40, paged = 0, quota = {} }: Parts) {
  const last = keys.length - 1;
  const half = Float64Array.from(keys, (percent) => ofQuota(percent) / 2);
  const series = [1, 2].map((n) => ({
    id: { keyArn: aKeyArn(n), operation: 'Decrypt' },
    usage: { startBin: 0, requests: half },
  }));
  const counted = callCount && new Map([['symmetric' as const, Float64Array.from(callCount, ofQuota)]]);
  const use = sumRegionUse(
    series,
    { startBin: 0, endBin: keys.length },
    { keys: new Map() },
    () => ({ ...QUOTA, ...quota }),
    counted,
  );
  const watch = watchRegion('eu-central-1', use);
  for (let bin = 0; bin <= last; bin++) enterUsual(watch, 'symmetric', bin, ofQuota(usual));
  if (paged > 0) enterPaged(watch, 'symmetric', last, ofQuota(paged));
  return observeRegion(watch, last);
}

describe("the Region's quota in one bin", () => {
  it.each([
    ['nothing unusual', { keys: [40, 41, 40, 40] }, 'normal', 'digest'],
    ['80 % used', { keys: [40, 80, 80, 80] }, 'breaching', 'page'],
    ['just below, not rising', { keys: [79, 79, 79, 79] }, 'above', 'digest'],
    ['a steady rise that is full within the hour', { keys: [40, 46, 52, 58] }, 'breaching', 'page'],
    ['a rise that is not', { keys: [40, 43, 46, 49.9], usual: 39 }, 'normal', 'digest'],
    ['a step, which is no trend', { keys: [40, 65, 65, 65] }, 'normal', 'digest'],
    ['the same rise every day', { keys: [40, 46, 52, 58], usual: 57 }, 'normal', 'digest'],
    ['as full as every day', { keys: [85, 85, 85, 85], usual: 84 }, 'breaching', 'notice'],
    ['as full as every day, and nothing left', { keys: [96, 96, 96, 96], usual: 95 }, 'breaching', 'page'],
    ['80 % before anything is learned', { keys: [80, 80, 80, 80], usual: UNKNOWN }, 'breaching', 'page'],
    ['a rise to a third before that', { keys: [3, 13, 23, 33], usual: UNKNOWN }, 'normal', 'digest'],
    ['a rise to two thirds before that', { keys: [36, 46, 56, 66], usual: UNKNOWN }, 'breaching', 'page'],
    ['a rise of which a page tells', { keys: [40, 46, 52, 58], paged: 9 }, 'normal', 'digest'],
    ['90 % of which a page tells', { keys: [40, 90, 90, 90], paged: 25 }, 'breaching', 'digest'],
    [
      '90 % of which a page tells the smaller part',
      { keys: [40, 90, 90, 90], paged: 24 },
      'breaching',
      'page',
    ],
    [
      'keys that could not be read',
      { keys: [UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN] },
      'insufficientData',
      'digest',
    ],
    [
      "more than AWS's documentation admits",
      { keys: [120, 120, 120, 120], quota: { assumed: true } },
      'normal',
      'digest',
    ],
    [
      'a total that the keys do not explain',
      { keys: [40, 40, 40, 40], callCount: [40, 88, 88, 88] },
      'breaching',
      'page',
    ],
    [
      'a total that begins in between',
      { keys: [40, 40, 40, 40], callCount: [UNKNOWN, UNKNOWN, 60, 75] },
      'above',
      'digest',
    ],
    [
      'unread keys whose total AWS knows',
      { keys: [UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN], callCount: [40, 40, 40, 40] },
      'normal',
      'digest',
    ],
  ] as const)('%s', (_, parts, state, severity) => {
    expect(seen(parts)).toMatchObject({ state, severity });
  });

  it('is told with the keys that use most, and an old quota named as old', () => {
    const observed = seen({ keys: [40, 80, 82, 90] });

    expect(observed.facts({ excessUsd: 0, excessRequests: 7 })).toMatchObject({
      regionQuotaShare: 0.9,
      quotaPerSecond: 1_000,
      excessRequests: 7,
      region: {
        group: 'symmetric',
        requestsPerSecond: 900,
        usualPerSecond: 400,
        source: 'keys',
        otherKeys: 0,
      },
      busiestKeys: [
        { keyArn: aKeyArn(1), share: 0.45 },
        { keyArn: aKeyArn(2), share: 0.45 },
      ],
    });
    expect(
      seen({ keys: [90], quota: { readAt: -3 * 86_400 } }).facts({ excessUsd: 0, excessRequests: 0 }).assumed,
    ).toEqual(['quotaOld']);
  });
});
