import type { Incident } from '../../domain/incident/incident.ts';
import { type Bin, binEnd, type EpochSeconds } from '../../domain/usage/time.ts';
import { columnText } from './column.ts';
import type { RecordedChart } from './series-recorder.ts';
import { type Stretch, within } from './stretch.ts';
import { thinned } from './thin.ts';

/** What the browser draws a chart of; also read there. Columns are texts of `columnText`, equally long. */
export interface Drawing {
  /** Bins since the point before. */
  readonly steps: string;
  readonly requests: string;
  readonly usual: string;
  /** Requests from which a bin would open an incident; none where no number of them would. */
  readonly edge: string;
  /** Beyond the band while an incident was open. */
  readonly red: readonly Stretch[];
  /** A level stands: the edge is that of more on top. */
  readonly standing: readonly Stretch[];
  /** When its incidents were noticed. */
  readonly noticed: readonly EpochSeconds[];
}

/** A series with those of the incidents that it was part of. */
export function drawingOf(
  chart: RecordedChart,
  incidents: readonly Incident[],
  endBin: Bin,
  hours: number,
): Drawing {
  const { keyArn, operation } = chart.id;
  const points = thinned(chart, hours);
  const own = incidents.filter((one) => one.keyArn === keyArn && one.operations.includes(operation));
  return {
    steps: columnText(points.map(([bin], i) => bin - (points[i - 1]?.[0] ?? 0))),
    requests: columnText(points.map(([, requests]) => requests)),
    usual: columnText(points.map(([, , usual]) => usual)),
    edge: columnText(points.map(([, , , edge]) => edge)),
    red: within(
      chart.beyond,
      own.map(({ openedBin, endedBin }) => [openedBin, endedBin ?? endBin]),
    ),
    standing: chart.standing,
    noticed: own.map(({ openedBin }) => binEnd(openedBin)),
  };
}
