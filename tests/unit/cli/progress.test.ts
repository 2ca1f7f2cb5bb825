import { describe, expect, it } from 'vitest';
import { progressOn } from '../../../cli/progress.ts';
import { watching } from '../../../cli/watched.ts';
import type { MetricSource } from '../../../shared/app/ports.ts';

/** A stream that keeps what is written, and a clock that is moved by hand. */
function aStream(terminal: { isTTY?: boolean; columns?: number }) {
  const written: string[] = [];
  let seconds = 0;
  const progress = progressOn({ ...terminal, write: (text: string) => written.push(text) }, () => seconds);
  return { progress, written, wait: (more: number) => (seconds += more) };
}

const metrics = (done: number) => ({ what: 'reading', done, of: 4000, unit: 'metrics' });

describe('progress', () => {
  it('is one line on a terminal, with the pace and the time left, and is gone before the answer', () => {
    const { progress, written, wait } = aStream({ isTTY: true, columns: 60 });

    progress.show(metrics(0));
    wait(0.05);
    progress.show(metrics(100));
    wait(1.95);
    progress.show(metrics(1000));
    progress.end();
    progress.end();

    expect(written).toEqual([
      '\r\u001b[Kreading: 0 of 4,000 metrics',
      '\r\u001b[Kreading: 1,000 of 4,000 metrics, 500/s, 6 s left',
      '\r\u001b[K',
    ]);
  });

  it('never breaks the line that it writes over', () => {
    const { progress, written } = aStream({ isTTY: true, columns: 20 });

    progress.show({ ...metrics(1), what: 'reading a file with a long name' });

    expect(written).toEqual(['\r\u001b[Kreading a file wit…']);
  });

  it('is a line every ten seconds where nobody can see it move, and none in short work', () => {
    const { progress, written, wait } = aStream({});

    for (let i = 0; i <= 25; i++) {
      progress.show({ what: 'reading', done: i * 7, unit: 'rows' });
      wait(1);
    }
    progress.end();

    expect(written).toEqual(['reading: 70 rows, 7/s\n', 'reading: 140 rows, 7/s\n']);
  });

  it('makes room for a line that stays', () => {
    const { progress, written } = aStream({ isTTY: true });

    progress.show(metrics(0));
    progress.note('5 metrics, at most $0.01');

    expect(written.slice(1)).toEqual(['\r\u001b[K', '5 metrics, at most $0.01\n']);
  });

  it('counts what several sources were asked for together', async () => {
    const steps: [number, number | undefined][] = [];
    const watch = watching(
      {
        show: ({ done, of }) => steps.push([done, of]),
        note: () => undefined,
        end: () => undefined,
      },
      'reading',
    );
    const source: MetricSource = { metricsRequested: 0, fetch: async () => [] };
    const metric = { kind: 'callCount', resource: 'CryptographicOperationsSymmetric' } as const;
    const batch = { metrics: [metric, metric], startBin: 0, endBin: 1 };

    await Promise.all([watch(source).fetch(batch), watch(source).fetch(batch)]);

    expect(steps).toEqual([
      [0, 2],
      [0, 4],
      [2, 4],
      [4, 4],
    ]);
  });
});
