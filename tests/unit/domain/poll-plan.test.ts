import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PollCandidate, type PollTime, planPolls } from '../../../shared/domain/poll-plan.ts';
import { aKeyArn } from '../../support/keys.ts';

const aCandidate = (index: number, rest: Partial<PollCandidate> = {}): PollCandidate => ({
  keyArn: aKeyArn(index),
  metrics: 2,
  needed: false,
  active: true,
  waking: false,
  usdPerHour: 1,
  ...rest,
});

const keys = (count: number, rest: (index: number) => Partial<PollCandidate> = () => ({})): PollCandidate[] =>
  Array.from({ length: count }, (_, index) => aCandidate(index, rest(index)));

const at = (bin: number, previous: number | undefined, scheduleMinutes = 5): PollTime => ({
  bin,
  previous,
  scheduleMinutes,
});

describe('planPolls', () => {
  it('reads everything in every run where the budget allows it', () => {
    const plan = planPolls(keys(10), 20, at(1000, 999));
    expect(plan.due.size).toBe(10);
    expect(plan).toMatchObject({ everyRun: 10, everyQuarterHour: 0, hourly: 0, isOverBudget: false });
  });

  it('reads keys in use every 15 minutes and silent ones every hour at least, and says when that is too dear', () => {
    const mixed = keys(60, (index) => ({ active: index < 30 }));
    for (const [stride, some] of [
      [3, mixed.slice(0, 30)],
      [12, mixed.slice(30)],
    ] as const) {
      for (const { keyArn } of some) {
        const read = Array.from({ length: 36 }, (_, i) => 1001 + i).filter((bin) =>
          planPolls(mixed, 0, at(bin, bin - 1)).due.has(keyArn),
        );
        expect(read).toHaveLength(36 / stride);
        expect((read[1] ?? 0) - (read[0] ?? 0)).toBe(stride);
      }
    }
    expect(planPolls(mixed, 0, at(1001, 1000)).isOverBudget).toBe(true);
    expect(planPolls(mixed, 25.1, at(1001, 1000)).isOverBudget).toBe(false);
  });

  it('spreads what is due over the runs', () => {
    const due = [1001, 1002, 1003].map((bin) => planPolls(keys(300), 0, at(bin, bin - 1)).due.size);
    for (const size of due) expect(size).toBeGreaterThan(70);
    expect(due.reduce((sum, size) => sum + size, 0)).toBe(300);
  });

  it('spends what is left on keys that wake, then on the dearest in use', () => {
    const many = keys(30, (index) => ({
      active: index !== 3,
      waking: index === 3,
      usdPerHour: index,
    }));
    // Least: 30 keys of 2 metrics, every third run. Two more keys in every run cost 2 x 2 x 2/3.
    const plan = planPolls(many, 20 + 8 / 3, at(1001, 1000));
    expect(plan.everyRun).toBe(2);
    for (let bin = 1001; bin < 1004; bin++) {
      const { due } = planPolls(many, 20 + 8 / 3, at(bin, bin - 1));
      expect(due.has(aKeyArn(3))).toBe(true);
      expect(due.has(aKeyArn(29))).toBe(true);
    }
  });

  it('always reads what an incident or a history to learn needs', () => {
    const some = [...keys(10), aCandidate(99, { needed: true, active: false })];
    for (let bin = 1001; bin < 1013; bin++)
      expect(planPolls(some, 0, at(bin, bin - 1)).due.has(aKeyArn(99))).toBe(true);
  });

  it('makes a missed run good: whatever runs are left out, no key waits longer than its pace and the gap', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 30, maxLength: 60 }), (gaps) => {
        const candidates = keys(12, (index) => ({ active: index % 2 === 0 }));
        const lastRead = new Map(candidates.map(({ keyArn }) => [keyArn, 1000]));
        let bin = 1000;
        for (const gap of gaps) {
          const { due } = planPolls(candidates, 0, at(bin + gap, bin));
          bin += gap;
          for (const { keyArn, active } of candidates) {
            if (due.has(keyArn)) lastRead.set(keyArn, bin);
            expect(bin - (lastRead.get(keyArn) ?? 0)).toBeLessThan((active ? 3 : 12) + gap);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it.each([1, 5, 10, 15, 30, 60])(
    'asks for as many metrics as it plans when it runs every %d minutes',
    (minutes) => {
      const mixed = keys(120, (index) => ({ active: index < 60, usdPerHour: index }));
      const runs = 1440 / minutes;
      for (const budget of [0, 50, 150, 240]) {
        let asked = 0;
        let planned = 0;
        const read = new Set<number>();
        for (let run = 0; run < runs; run++) {
          const [bin, previous] = [run, run - 1].map((n) => 1000 + Math.floor((n * minutes) / 5));
          const plan = planPolls(mixed, budget, at(bin ?? 0, previous, minutes));
          for (const { keyArn, metrics } of mixed) if (plan.due.has(keyArn)) asked += metrics;
          planned += plan.metricsPerRun;
          read.add(plan.everyRun);
          expect(plan.isOverBudget || plan.metricsPerRun <= budget).toBe(true);
        }

        expect(asked / planned).toBeGreaterThan(0.97);
        expect(asked / planned).toBeLessThan(1.03);
        expect([...read]).toHaveLength(1);
      }
    },
  );

  it('reads a key with a pace of its own in every run where runs are rarer than that', () => {
    const mixed = keys(20, (index) => ({ active: index < 10 }));

    expect(planPolls(mixed, 0, at(1003, 1000, 15))).toMatchObject({
      everyRun: 10,
      hourly: 10,
      metricsPerRun: 25,
    });
    expect(planPolls(mixed, 0, at(1012, 1000, 60))).toMatchObject({ everyRun: 20, metricsPerRun: 40 });
  });
});
