import { type Bin, binEnd, binStart, type EpochSeconds } from '../../domain/usage/time.ts';
import { columnText } from './column.ts';
import type { RecordedChart } from './series-recorder.ts';
import type { ShownIncident } from './shown-incident.ts';
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
  /** Beyond the band. */
  readonly red: readonly Stretch[];
  /** A level stands: the edge is that of more on top. */
  readonly standing: readonly Stretch[];
  /** When its incidents were noticed. */
  readonly noticed: readonly EpochSeconds[];
  /** The start of the five minutes that the page is about; absent: it is about none. */
  readonly explained?: EpochSeconds;
}

/** A series with those of the incidents that it was part of; red where it was beyond the band while one was open. */
export function drawingOf(
  chart: RecordedChart,
  incidents: readonly ShownIncident[],
  endBin: Bin,
  hours: number,
): Drawing {
  const own = ownIncidents(chart, incidents);
  return {
    ...columnsOfChart(chart, hours),
    red: within(
      chart.beyond,
      own.map(({ openedBin, endedBin }) => [openedBin, endedBin ?? endBin]),
    ),
    noticed: own.map(({ openedBin }) => binEnd(openedBin)),
  };
}

/** A series of a time whose incidents nobody decided on: red wherever it was beyond the band. */
export const judgedDrawing = (
  chart: RecordedChart,
  incidents: readonly ShownIncident[],
  hours: number,
  explained?: Bin,
): Drawing => ({
  ...columnsOfChart(chart, hours),
  red: chart.beyond,
  noticed: ownIncidents(chart, incidents).map(({ openedBin }) => binEnd(openedBin)),
  ...(explained === undefined ? {} : { explained: binStart(explained) }),
});

const ownIncidents = ({ id }: RecordedChart, incidents: readonly ShownIncident[]): ShownIncident[] =>
  incidents.filter((one) => one.keyArn === id.keyArn && one.operations.includes(id.operation));

function columnsOfChart(
  chart: RecordedChart,
  hours: number,
): Pick<Drawing, 'steps' | 'requests' | 'usual' | 'edge' | 'standing'> {
  const points = thinned(chart, hours);
  return {
    steps: columnText(points.map(([bin], i) => bin - (points[i - 1]?.[0] ?? 0))),
    requests: columnText(points.map(([, requests]) => requests)),
    usual: columnText(points.map(([, , usual]) => usual)),
    edge: columnText(points.map(([, , , edge]) => edge)),
    standing: chart.standing,
  };
}
