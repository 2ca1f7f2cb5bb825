import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Advance, advance } from '../../../../shared/domain/incident/advance.ts';
import { KEEP_FIRING_BINS, REOPEN_BINS } from '../../../../shared/domain/incident/decide.ts';
import type { Observation } from '../../../../shared/domain/incident/observation.ts';
import { anObservation, breachingBin, KEY } from '../../../support/an-observation.ts';

const quietBins = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => anObservation(from + i));
const types = ({ transitions }: Advance) => transitions.map(({ event }) => `${event.type}@${event.bin}`);

/** Settled bins are final six bins later, as on a schedule that runs three minutes after each bin. */
const finalEndAt = (bin: number) => bin - 5;

/** One run for each bin, each seeing the bins since its stored tally, as the schedule does. */
function runByRun(bins: readonly Observation[]): { types: string[]; last: Advance | undefined } {
  let stored: Advance['stored'];
  let last: Advance | undefined;
  const seen: string[] = [];
  for (const [index, { bin }] of bins.entries()) {
    last = advance(KEY, stored, bins.slice(0, index + 1), finalEndAt(bin));
    stored = last.stored;
    seen.push(...types(last));
  }
  return { types: seen, last };
}

describe('a key from bin to bin', () => {
  it('opens at the first breaching bin and stays open while bins are merely above', () => {
    const outcome = advance(
      KEY,
      undefined,
      [anObservation(9), breachingBin(10), anObservation(11, { state: 'above' })],
      0,
    );

    expect(types(outcome)).toEqual(['opened@10']);
    expect(outcome.current).toMatchObject({
      status: 'open',
      severity: 'notice',
      openedBin: 10,
      operations: ['Decrypt'],
    });
  });

  it('is not opened by a bin that is above without breaching, nor by one that is unknown', () => {
    const bins = [anObservation(10, { state: 'above' }), anObservation(11, { state: 'insufficientData' })];

    expect(advance(KEY, undefined, bins, 0).current).toBeUndefined();
  });

  it('escalates once when the severity rises, and never falls back', () => {
    const bins = [
      breachingBin(10),
      breachingBin(11, { severity: 'page' }),
      breachingBin(12),
      breachingBin(13, { severity: 'page' }),
    ];

    expect(types(advance(KEY, undefined, bins, 0))).toEqual(['opened@10', 'escalated@11']);
  });

  it('resolves after two hours of quiet final bins and says when the trouble ended', () => {
    const outcome = runByRun([breachingBin(10), breachingBin(11), ...quietBins(12, 60)]);

    expect(outcome.types).toEqual(['opened@10', `resolved@${11 + KEEP_FIRING_BINS + 6}`]);
    expect(outcome.last?.current).toMatchObject({
      status: 'resolved',
      endedBin: 12,
      tally: { excessUsd: 2 },
    });
  });

  it('does not take unknown bins for quiet ones', () => {
    const unknown = Array.from({ length: 60 }, (_, i) =>
      anObservation(11 + i, { state: 'insufficientData' }),
    );

    expect(runByRun([breachingBin(10), ...unknown]).types).toEqual(['opened@10']);
  });

  it('opens another incident for a second storm after the first has ended', () => {
    const again = 10 + 1 + KEEP_FIRING_BINS + 6 + REOPEN_BINS;
    const outcome = runByRun([breachingBin(10), ...quietBins(11, again - 11), breachingBin(again)]);

    expect(outcome.types.map((type) => type.split('@')[0])).toEqual(['opened', 'resolved', 'opened']);
    expect(outcome.last?.current).toMatchObject({ openedBin: again, tally: { excessUsd: 1 } });
  });

  it('is reopened under its id by a breach within a day of its end, as loud as that is, and counts on', () => {
    const outcome = runByRun([
      breachingBin(10, { severity: 'page' }),
      ...quietBins(11, 317),
      breachingBin(328),
      breachingBin(329),
    ]);

    expect(outcome.types).toEqual(['opened@10', 'resolved@40', 'reopened@328']);
    expect(outcome.last?.current).toMatchObject({
      status: 'open',
      severity: 'notice',
      openedBin: 10,
      sequence: 3,
      reopenings: 1,
      tally: { excessUsd: 3, quietBins: 0 },
    });
    expect(outcome.last?.current).not.toHaveProperty('endedBin');
  });

  it('is told once more on a day on which it crosses the threshold every other hour, if an hour of it was quiet', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            breaches: fc.integer({ min: 1, max: 6 }),
            quiet: fc.integer({ min: 1, max: KEEP_FIRING_BINS }),
          }),
          { minLength: 12, maxLength: 24 },
        ),
        (flaps) => {
          const bins: Observation[] = [];
          for (const { breaches, quiet } of flaps) {
            for (let i = 0; i < breaches; i++) bins.push(breachingBin(10 + bins.length));
            bins.push(...quietBins(10 + bins.length, quiet));
          }
          bins.push(...quietBins(10 + bins.length, REOPEN_BINS + 10));

          const outcome = advance(KEY, undefined, bins, bins.length + 100);

          const again = flaps.slice(0, -1).some(({ quiet }) => quiet >= 12) ? ['escalated'] : [];
          expect(outcome.transitions.map(({ event }) => event.type)).toEqual([
            'opened',
            ...again,
            'resolved',
          ]);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('is told again, as being back, when a storm as loud as the first follows an hour of quiet', () => {
    const small = breachingBin(24, { severity: 'digest' });
    const outcome = runByRun([
      breachingBin(10),
      ...quietBins(11, 13),
      small,
      breachingBin(25),
      breachingBin(26),
    ]);

    expect(outcome.types).toEqual(['opened@10', 'escalated@25']);
    expect(outcome.last?.transitions ?? []).toEqual([]);
    expect(outcome.last?.current).toMatchObject({ severity: 'notice', reopenings: 1, openedBin: 10 });
    const [, back] = advance(
      KEY,
      undefined,
      [breachingBin(10), ...quietBins(11, 12), breachingBin(23)],
      0,
    ).transitions;
    expect(back?.event).toMatchObject({
      type: 'escalated',
      bin: 23,
      severity: 'notice',
      facts: { isBack: true },
    });
  });

  it.each([
    ['less than an hour', 11, 'notice', 'notice'],
    ['a second storm of digest size', 20, 'notice', 'digest'],
    ['a second storm less loud than the first', 20, 'page', 'notice'],
  ] as const)('is not told again after %s', (_, quiet, first, second) => {
    const bins = [
      breachingBin(10, { severity: first }),
      ...quietBins(11, quiet),
      breachingBin(11 + quiet, { severity: second }),
    ];

    expect(runByRun(bins).types).toEqual(['opened@10']);
  });

  it('that comes back after every end is told as over once more, and no oftener in a day', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 31, max: REOPEN_BINS - 1 }), { maxLength: 10 }), (pauses) => {
        const bins: Observation[] = [breachingBin(10)];
        for (const pause of pauses) {
          bins.push(...quietBins(10 + bins.length, pause));
          bins.push(breachingBin(10 + bins.length));
        }
        bins.push(...quietBins(10 + bins.length, REOPEN_BINS + 10));

        const outcome = advance(KEY, undefined, bins, bins.length + 100);

        const again = pauses.length > 0 ? ['reopened', 'resolved'] : [];
        expect(types(outcome).map((type) => type.split('@')[0])).toEqual(['opened', 'resolved', ...again]);
        expect(outcome.current?.tally.excessUsd).toBe(1 + pauses.length);
      }),
      { numRuns: 50 },
    );
  });

  it('decides alike in one late run and in a run for each bin', () => {
    const bins = [
      breachingBin(10),
      ...quietBins(11, 5),
      breachingBin(16, { severity: 'page' }),
      ...quietBins(17, 40),
      breachingBin(57),
      ...quietBins(58, REOPEN_BINS + 20),
    ];

    const late = advance(KEY, undefined, bins, bins.length + 100);

    const onTime = runByRun(bins);
    expect(types(late)).toEqual(onTime.types);
    expect(late.current).toEqual(onTime.last?.current);
  });

  it('counts a bin again that late datapoints have changed, without repeating the transition', () => {
    const first = advance(KEY, undefined, [breachingBin(10, { excessUsd: 1 })], finalEndAt(10));

    const corrected = advance(
      KEY,
      first.stored,
      [breachingBin(10, { excessUsd: 3 }), breachingBin(11)],
      finalEndAt(11),
    );

    expect(types(corrected)).toEqual([]);
    expect(corrected.current?.tally.excessUsd).toBe(4);
  });

  it('says once that a level stands, and then only what comes on top of it', () => {
    const standing = { state: 'above', standing: true } as const;
    const bins = [
      breachingBin(10),
      ...Array.from({ length: 30 }, (_, i) => breachingBin(11 + i)),
      ...Array.from({ length: 30 }, (_, i) => breachingBin(41 + i, standing)),
      ...Array.from({ length: 5 }, (_, i) => breachingBin(71 + i, { standing: true })),
      ...Array.from({ length: 30 }, (_, i) => breachingBin(76 + i, standing)),
    ];

    expect(runByRun(bins).types).toEqual(['opened@10', 'standing@41', 'escalated@71']);
  });
});
