import { describe, expect, it } from 'vitest';
import { binEnd } from '../../../../shared/domain/usage/time.ts';
import { columnOf } from '../../../../shared/render/report/column.ts';
import { drawingOf } from '../../../../shared/render/report/drawing.ts';
import type { ChartPoint, RecordedChart } from '../../../../shared/render/report/series-recorder.ts';
import { hoursAPoint } from '../../../../shared/render/report/thin.ts';
import { anIncident, LAKE_KEY } from '../../../support/a-message.ts';

const START = 12_000;
const DAYS = 28;

/** Four weeks with a point each hour, the n-th of n requests. */
const aChart = (over: Partial<RecordedChart> = {}): RecordedChart => ({
  id: { keyArn: LAKE_KEY, operation: 'Decrypt' },
  points: Array.from({ length: DAYS * 24 }, (_, hour): ChartPoint => [START + hour * 12, hour, 5, 1000]),
  beyond: [],
  standing: [],
  ...over,
});

describe('what a chart is drawn of', () => {
  it('is red where it was beyond the band while an incident was open, not in the pauses of it', () => {
    const incident = anIncident({ openedBin: START + 20, endedBin: START + 60, reopenings: 1 });
    const beyond = [
      [START + 20, START + 30],
      [START + 50, START + 55],
      [START + 90, START + 91],
    ] as const;

    const { red, noticed } = drawingOf(aChart({ beyond }), [incident], START + 100, 1);

    expect(red).toEqual(beyond.slice(0, 2));
    expect(noticed).toEqual([binEnd(START + 20)]);
  });

  it.each([{ operations: ['Encrypt'] }, { keyArn: `${LAKE_KEY}0` as typeof LAKE_KEY }])(
    'is not red for the incident of another series: %o',
    (other) => {
      const incident = anIncident({ openedBin: START, endedBin: START + 60, ...other });

      expect(drawingOf(aChart({ beyond: [[START, START + 9]] }), [incident], START + 100, 1)).toMatchObject({
        red: [],
        noticed: [],
      });
    },
  );

  it('is the busiest of several hours in quiet times, and every point within a day of what is unusual', () => {
    const hours = hoursAPoint(START, START + DAYS * 288);
    const quietBins = columnOf(drawingOf(aChart(), [], START, hours).requests);
    const beyond = [[START + 14 * 288, START + 14 * 288 + 12]] as const;
    const near = columnOf(drawingOf(aChart({ beyond }), [], START, hours).requests);

    expect(hours).toBe(2);
    expect(quietBins).toEqual(Array.from({ length: DAYS * 12 }, (_, i) => 2 * i + 1));
    expect(near).toEqual(expect.arrayContaining(Array.from({ length: 48 }, (_, i) => 13 * 24 + i)));
    expect(near.length).toBeLessThan(DAYS * 12 + 30);
  });

  it('keeps the times of its points', () => {
    let bin = 0;
    const bins = columnOf(drawingOf(aChart(), [], START, 1).steps).map((step) => {
      bin += step ?? 0;
      return bin;
    });

    expect(bins).toEqual(aChart().points.map(([at]) => at));
  });
});
