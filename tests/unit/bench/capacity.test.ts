import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { capacityTable, DESIGN, divided, MEASURED, oneFunction } from '../../../bench/scale/capacity.ts';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

/** Rows of the table that the benchmark has written: series, kind, seconds, CPU seconds, µs a series, MB. */
const measuredRows = () =>
  [
    ...read('bench/scale/RESULTS.md').matchAll(
      /^\| ([\d,]+) \| (\w+) \| (\d+) \| ([\d.]+) \| \d+ \| (\d+) \|/gm,
    ),
  ].map(([, series = '', kind, , cpuSeconds, megabytes]) => ({
    series: Number(series.replaceAll(',', '')),
    kind,
    cpuSeconds: Number(cpuSeconds),
    megabytes: Number(megabytes),
  }));

describe('the model of capacity', () => {
  it('assumes no less memory and CPU time than was measured', () => {
    const ordinary = measuredRows().filter(({ kind }) => kind === 'ordinary');

    expect(ordinary.length).toBeGreaterThan(2);
    for (const { series, cpuSeconds, megabytes } of ordinary) {
      expect(MEASURED.megabytesBefore + series * MEASURED.megabytesPerSeries).toBeGreaterThanOrEqual(
        megabytes,
      );
      expect(MEASURED.cpuSecondsBefore + series * MEASURED.cpuSecondsPerSeries).toBeGreaterThanOrEqual(
        cpuSeconds,
      );
    }
  });

  it('knows the function of the template', () => {
    const template = read('template.yaml');

    expect(template).toContain(`MemorySize: ${DESIGN.memoryMegabytes}`);
    expect(template).toContain(`Timeout: ${DESIGN.timeoutSeconds}`);
  });

  it('knows how many shards the state machine checks at once', () => {
    const definition = JSON.parse(read('infra/state-machine/detector.asl.json')) as {
      readonly States: { readonly Check: { readonly MaxConcurrency: number } };
    };

    expect(definition.States.Check.MaxConcurrency).toBe(DESIGN.shardsAtOnce);
  });

  it('grows no faster than the number of series', () => {
    for (const model of [oneFunction, divided]) {
      const [one, ten] = [model(30_000), model(300_000)];

      expect(ten.seconds / one.seconds).toBeLessThanOrEqual(10);
      expect(ten.usdACheck / one.usdACheck).toBeLessThanOrEqual(10);
    }
  });

  it('names the limit that bites first', () => {
    expect(oneFunction(30_000).limit).toBeUndefined();
    expect(oneFunction(100_000).limit).toMatch(/memory/);
    expect(divided(1_000_000).limit).toBeUndefined();
    expect(divided(5_000_000).limit).toBeDefined();
  });

  it('is what docs/scale.md shows', () => {
    expect(read('docs/scale.md')).toContain(capacityTable());
  });
});
