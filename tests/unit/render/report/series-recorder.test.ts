import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_REQUESTS } from '../../../../shared/domain/detection/judge.ts';
import { seriesRecorder } from '../../../../shared/render/report/series-recorder.ts';
import { binsIn } from '../../../../shared/render/report/stretch.ts';
import { aKeyArn } from '../../../support/keys.ts';
import { aScore } from './a-score.ts';

const ID = { keyArn: aKeyArn(1), operation: 'Decrypt' };
const START = 12_000;
const UPPER = 500;

/** Records requests from the first bin of an hour on; from 500 on they are beyond the band. */
function recorded(requests: readonly number[], standingFrom = Number.POSITIVE_INFINITY) {
  const recorder = seriesRecorder();
  let asked = 0;
  for (const [i, one] of requests.entries()) {
    recorder.record(ID, aScore(START + i, one, { standing: i >= standingFrom }), one >= UPPER, () => {
      asked++;
      return UPPER;
    });
  }
  const [chart] = recorder.charts();
  if (!chart) throw new Error('nothing recorded');
  return { ...chart, asked };
}

const quiet = (bins: number) => Array.from({ length: bins }, () => 100);

describe('recording what a replay judges', () => {
  it('keeps the busiest bin of a quiet hour, with the edge asked for once', () => {
    const { points, asked } = recorded([...quiet(5), 130, ...quiet(6), ...quiet(12)]);

    expect(points).toEqual([
      [START + 5, 130, 100, UPPER],
      [START + 12, 100, 100, UPPER],
    ]);
    expect(asked).toBe(2);
  });

  it('keeps every bin beyond the band and those beside it, so that no line is drawn across a pause', () => {
    const { points, beyond } = recorded([...quiet(3), 900, 800, 120, 110, 700, ...quiet(4)]);

    expect(points.map(([bin]) => bin - START)).toEqual([0, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(beyond).toEqual([
      [START + 3, START + 5],
      [START + 7, START + 8],
    ]);
  });

  it('does not know what was not read, and has no edge where no number of requests would tell', () => {
    const recorder = seriesRecorder();
    recorder.record(ID, aScore(START, Number.NaN), false, () => MOST_REQUESTS * 4);

    expect(recorder.charts()[0]?.points).toEqual([[START, null, 100, null]]);
  });

  it('says how long a new level has stood', () => {
    expect(recorded(quiet(20), 6).standing).toEqual([[START + 6, START + 20]]);
  });

  it('loses no bin beyond the band and no maximum, and keeps the order of time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 100 }),
        (requests) => {
          const { points, beyond } = recorded(requests);
          const bins = points.map(([bin]) => bin);

          expect(bins).toEqual([...new Set(bins)].toSorted((a, b) => a - b));
          expect(Math.max(...points.map(([, kept]) => kept ?? 0))).toBe(Math.max(...requests));
          expect(points.filter(([, kept]) => (kept ?? 0) >= UPPER)).toHaveLength(binsIn(beyond));
          expect(binsIn(beyond)).toBe(requests.filter((one) => one >= UPPER).length);
        },
      ),
    );
  });
});
