import fc from 'fast-check';
import { expect, test } from 'vitest';
import { counterMetric } from '../../infra/local/counter-metric.ts';
import { DEFAULT_SWITCHES, type WorldSwitches } from '../../infra/local/world-switches.ts';
import { NOON } from './a-world.ts';

const switchesOf = fc.record({
  idle: fc.constantFrom<WorldSwitches['idle']>('gaps', 'zeros'),
  publicationDelaySeconds: fc.integer({ min: 0, max: 600 }),
  latePartial: fc.boolean(),
});

/** A metric whose bins around noon hold the given counts. */
function metricOf(counts: readonly number[], switches: WorldSwitches) {
  const firstBin = NOON / 300;
  const counter = { seed: 3, firstBin, requests: (bin: number) => counts[bin - firstBin] ?? 0 };
  const metric = counterMetric(
    { namespace: 'n', metricName: 'm', dimensions: [] },
    counter,
    () => switches,
    () => 'Count',
  );
  return (start: number, periodSeconds: number, length: number, now: number) => {
    const values = new Float64Array(length);
    metric.read(values, { start, periodSeconds, length, until: Infinity }, 'Sum', undefined, now);
    return [...values];
  };
}

const sum = (values: number[]) =>
  values.reduce((total, value) => (Number.isNaN(value) ? total : total + value), 0);

test('a period is the sum of its minutes, whatever has been published of them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 12, maxLength: 12 }),
      fc.integer({ min: 0, max: 4_500 }),
      fc.constantFrom(60, 180, 300, 900),
      fc.integer({ min: 0, max: 4 }),
      switchesOf,
      (counts, age, periodSeconds, offset, some) => {
        const read = metricOf(counts, { ...DEFAULT_SWITCHES, ...some });
        const start = NOON + offset * 60;
        const minutesPerPeriod = periodSeconds / 60;
        const minutes = read(start, 60, 4 * minutesPerPeriod, NOON + age);

        const periods = read(start, periodSeconds, 4, NOON + age);

        periods.forEach((value, i) => {
          const own = minutes.slice(i * minutesPerPeriod, (i + 1) * minutesPerPeriod);
          expect(Number.isNaN(value)).toBe(own.every(Number.isNaN));
          if (!Number.isNaN(value)) expect(value).toBe(sum(own));
        });
      },
    ),
  );
});

test('what is published never becomes less, and in the end is everything', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), switchesOf, (count, some) => {
      const read = metricOf([count], { ...DEFAULT_SWITCHES, ...some });
      const seen = Array.from({ length: 41 }, (_, i) => sum(read(NOON, 300, 1, NOON + i * 30)));

      expect(seen).toEqual([...seen].sort((a, b) => a - b));
      expect(seen.at(-1)).toBe(count);
    }),
  );
});
