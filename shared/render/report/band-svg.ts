import { BIN_SECONDS, DAY_SECONDS, HOUR_SECONDS } from '../../domain/usage/time.ts';
import { count } from '../number.ts';
import { axisTimes } from './axis-times.ts';
import type { Drawing } from './drawing.ts';
import { escapeHtml } from './html.ts';
import { type SeriesModel, seriesModel, topOf } from './series-model.ts';
import { CHART_STYLE, DARK, LIGHT } from './style.ts';
import { linePath, type Point, stepPath } from './svg-paths.ts';

/** What a chart is called, and what it shows, for those who do not see it. */
export interface ChartText {
  readonly title: string;
  readonly description: string;
}

/** Units of the plot, which is stretched to whatever room there is. */
const WIDTH = 1000;
const HEIGHT = 180;
const FOOT = 36;

/** Points across a chart inside a page, of which there may be hundreds. */
const PAGE_COLUMNS = 120;
/** As many as anybody sees. */
const PICTURE_COLUMNS = 500;

/** The chart of a series as a part of a page, in the page's colours and as wide as the page. */
export const bandSvg = (drawing: Drawing, text: ChartText): string =>
  `<svg class="band-chart" role="img" width="100%" height="${HEIGHT + FOOT}">${labels(text)}${plot(drawing, PAGE_COLUMNS)}</svg>`;

/** The chart as a picture by itself, light or dark as its reader likes it, with what its lines are. */
export function bandPicture(drawing: Drawing, text: ChartText): string {
  const [width, head] = [860, 66];
  const height = head + HEIGHT + FOOT;
  return `<svg xmlns="http://www.w3.org/2000/svg" class="band-chart" role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${labels(text)}
<style>:root { ${LIGHT} } @media (prefers-color-scheme: dark) { :root { ${DARK} } } .ground { fill: var(--page); } .band-chart .name { font-size: 15px; font-weight: 600; }${CHART_STYLE}</style>
<rect class="ground" width="100%" height="100%"/>
<text class="name" x="12" y="24">${escapeHtml(text.title)}</text>
<path class="band" d="M12 38h20v14h-20z"/><text x="38" y="50">band</text><path class="use" d="M92 45h20"/><text x="118" y="50">requests in 5 min</text><path class="usual" d="M238 45h20"/><text x="264" y="50">usual</text><path class="red" d="M318 45h20"/><text x="344" y="50">beyond the band</text><path class="noticed" d="M464 36v18"/><text x="474" y="50">noticed</text>
<svg x="12" y="${head}" width="${width - 24}" height="${HEIGHT + FOOT}">${plot(drawing, PICTURE_COLUMNS)}</svg></svg>
`;
}

const labels = ({ title, description }: ChartText): string =>
  `<title>${escapeHtml(title)}</title><desc>${escapeHtml(description)}</desc>`;

function plot(drawing: Drawing, columns: number): string {
  const model = seriesModel(drawing);
  const [first = 0] = model.seconds;
  const last = Math.max(first + HOUR_SECONDS, model.seconds.at(-1) ?? 0);
  const top = topOf(Math.max(0, ...known(model.edge), ...known(model.requests)));
  const x = (seconds: number) => (WIDTH * (seconds - first)) / (last - first);
  const y = (value: number) => HEIGHT * (1 - value / top);
  const shown = columnsFor(model, (seconds) => Math.floor((x(seconds) / WIDTH) * columns));
  const points = (column: 'edge' | 'usual' | 'requests' | 'red'): Point[] =>
    shown.map((i) => {
      const value = model[column][i];
      return [x(model.seconds[i] ?? 0), typeof value === 'number' ? y(value) : undefined];
    });
  const path = (name: string, d: string) => (d === '' ? '' : `<path class="${name}" d="${d}"/>`);
  const upright = (seconds: number) => `M${x(seconds).toFixed(1)} 0V${HEIGHT}`;
  const level = ([from, to]: readonly [number, number]) =>
    `M${x(from * BIN_SECONDS).toFixed(1)} ${HEIGHT - 3}H${x(to * BIN_SECONDS).toFixed(1)}`;
  const grid = valueTicks(top);
  return [
    `<svg width="100%" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none">`,
    path('band', stepPath(points('edge'), HEIGHT)),
    path('grid', grid.map((value) => `M0 ${y(value).toFixed(1)}H${WIDTH}`).join('')),
    path('usual', stepPath(points('usual'))),
    path('use', linePath(points('requests'))),
    path('standing', drawing.standing.map(level).join('')),
    path('red', linePath(points('red'))),
    path('noticed', drawing.noticed.map(upright).join('')),
    path('explained', drawing.explained === undefined ? '' : upright(drawing.explained)),
    '</svg>',
    ...grid.map((value) => `<text x="2" y="${(y(value) - 3).toFixed(1)}">${count(value)}</text>`),
    ...timeTicks(first, last, (seconds) => `${(x(seconds) / (WIDTH / 100)).toFixed(1)}%`),
  ].join('');
}

const known = (column: readonly (number | null)[]): number[] => column.filter((one) => one !== null);

/** One point for each column: one beyond the band if there is any, the busiest of them. */
function columnsFor(
  { seconds, requests, red }: SeriesModel,
  columnOf: (seconds: number) => number,
): number[] {
  const weight = (i: number) => (requests[i] ?? -1) + (typeof red[i] === 'number' ? 1e15 : 0);
  const best = new Map<number, number>();
  for (const [i, at] of seconds.entries()) {
    const column = columnOf(at);
    const other = best.get(column);
    if (other === undefined || weight(i) > weight(other)) best.set(column, i);
  }
  return [...best.values()];
}

/** Two to five round numbers below the top. */
function valueTicks(top: number): number[] {
  const size = 10 ** Math.floor(Math.log10(top));
  const step = [size / 5, size / 2, size, 2 * size].find((one) => top / one < 5) ?? size;
  const whole = Math.max(1, step);
  return Array.from({ length: Math.floor(top / whole) }, (_, i) => (i + 1) * whole);
}

const TIME_STEPS = [1, 2, 3, 6, 12, 24, 48, 168, 336].map((hours) => hours * HOUR_SECONDS);
const MOST_TIMES = 8;

function timeTicks(first: number, last: number, place: (seconds: number) => string): string[] {
  const step = TIME_STEPS.find((one) => (last - first) / one <= MOST_TIMES) ?? 28 * DAY_SECONDS;
  const margin = (last - first) / 25;
  const times: number[] = [];
  for (let at = Math.ceil((first + margin) / step) * step; at < last - margin; at += step) times.push(at);
  return axisTimes(times, step).flatMap((text, i) =>
    text.split('\n').map((line, row) => {
      return `<text text-anchor="middle" x="${place(times[i] ?? 0)}" y="${HEIGHT + 14 + 15 * row}">${line}</text>`;
    }),
  );
}
