import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QUOTA_GROUPS, quotaGroup } from '../../shared/domain/assess/quota.ts';
import { sumRegionUse } from '../../shared/domain/assess/region-use.ts';
import { partOf, watchParts } from '../../shared/domain/incident/region-part.ts';
import {
  enterPaged,
  enterUsual,
  observeRegion,
  watchRegion,
} from '../../shared/domain/incident/region-quota.ts';
import { aKeyArn } from '../support/keys.ts';

const START = 6_000_000;
const BINS = 12;
const PARTS = 4;
const quota = () => ({ perSecond: 100, assumed: false });

/** A spec of each quota. */
const SPECS = ['SYMMETRIC_DEFAULT', 'RSA_4096', 'ECC_NIST_P256', 'ML_DSA_65'] as const;

/** Keys of an account: how much each makes in a bin, what is usual, what it makes too much, and its part. */
const someKeys = fc.array(
  fc.record({
    requests: fc.array(fc.integer({ min: 0, max: 6000 }), { minLength: BINS, maxLength: BINS }),
    usual: fc.oneof(fc.integer({ min: 0, max: 6000 }), fc.constant(Number.NaN)),
    paged: fc.integer({ min: 0, max: 3000 }),
    part: fc.integer({ min: 0, max: PARTS - 1 }),
    isUnread: fc.boolean(),
    spec: fc.constantFrom(...SPECS),
  }),
  { minLength: 1, maxLength: 20 },
);

type Keys = (typeof someKeys extends fc.Arbitrary<infer T> ? T : never)[number];

/** The Region as a run that read these keys, by their number, sees it. */
function watchOf(keys: readonly (readonly [number, Keys])[]) {
  const series = keys.map(([n, { requests, isUnread }]) => ({
    id: { keyArn: aKeyArn(n), operation: 'Decrypt' },
    usage: { startBin: START, requests: Float64Array.from(requests, (one) => (isUnread ? Number.NaN : one)) },
  }));
  const span = { startBin: START, endBin: START + BINS };
  const facts = keys.map(([n, { spec }]) => ({ keyArn: aKeyArn(n), aliases: [], spec }));
  const directory = { keys: new Map(facts.map((one) => [one.keyArn, one])) };
  const watch = watchRegion('eu-central-1', sumRegionUse(series, span, directory, quota));
  for (const [, { usual, paged, spec }] of keys) {
    const group = quotaGroup('Decrypt', spec);
    if (!group) continue;
    for (let bin = START; bin < START + BINS; bin++) {
      enterUsual(watch, group, bin, usual);
      enterPaged(watch, group, bin, paged);
    }
  }
  return watch;
}

const TARGET = { region: 'eu-central-1' };

describe('the parts of a Region', () => {
  it('add up to what one run would have seen, whatever keys are in which part', () => {
    fc.assert(
      fc.property(someKeys, (keys) => {
        const numbered = [...keys.entries()];
        const whole = watchOf(numbered);
        const view = { seriesRead: 1, endBin: START + BINS, inViewFrom: START, isUnread: false };
        const parts = Array.from({ length: PARTS }, (_, part) => {
          return partOf(TARGET, watchOf(numbered.filter(([, key]) => key.part === part)), view);
        });

        const together = watchParts(TARGET, parts, quota, new Map(), 0);

        for (let bin = START; bin < START + BINS; bin++) {
          const [one, other] = [observeRegion(whole, bin), observeRegion(together, bin)];
          const totals = { excessRequests: 0, excessUsd: 0 };
          expect({ ...other, facts: other.facts(totals) }).toEqual({ ...one, facts: one.facts(totals) });
        }
      }),
    );
  });

  it.each(SPECS)('open on the quota of %s where AWS counts nothing', (spec) => {
    const group = quotaGroup('Decrypt', spec);
    const key = {
      requests: Array.from({ length: BINS }, () => 27_000),
      usual: 100,
      paged: 0,
      isUnread: false,
    };
    const view = { seriesRead: 1, endBin: START + BINS, inViewFrom: START, isUnread: false };
    const part = partOf(TARGET, watchOf([[0, { ...key, part: 0, spec }]]), view);
    const quotas = QUOTA_GROUPS.filter((one) => one === 'symmetric' || one === group);

    const together = watchParts(TARGET, [part], quota, new Map(), 0);

    const { state, facts } = observeRegion(together, START + 5);
    expect(together.groups).toEqual(quotas);
    expect(state).toBe('breaching');
    expect(facts({ excessRequests: 0, excessUsd: 0 }).region).toMatchObject({ group, source: 'keys' });
  });

  it('call no bin quiet while a tenth of the series was in a part that nobody checked', () => {
    const key = {
      requests: Array.from({ length: BINS }, () => 100),
      usual: 100,
      paged: 0,
      part: 0,
      isUnread: false,
      spec: SPECS[0],
    };
    const part = partOf(TARGET, watchOf([[0, key]]), {
      seriesRead: 1,
      endBin: START + BINS,
      inViewFrom: START,
      isUnread: false,
    });

    const states = [0, 1].map(
      (unchecked) => observeRegion(watchParts(TARGET, [part], quota, new Map(), unchecked), START + 5).state,
    );

    expect(states).toEqual(['normal', 'insufficientData']);
  });
});
