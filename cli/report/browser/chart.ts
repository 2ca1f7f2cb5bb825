import uPlot from 'uplot';
import { axisTimes } from '../../../shared/render/report/axis-times.ts';
import type { Drawing } from '../../../shared/render/report/drawing.ts';
import { seriesModel, topOf } from '../../../shared/render/report/series-model.ts';
import { BIN_SECONDS } from './drawings.ts';
import { tip } from './tip.ts';

/** A chart on the page. Times are in seconds since 1970. */
export interface DrawnChart {
  /** Points with an edge, and points in red. */
  readonly banded: number;
  readonly red: number;
  /** Magnifies by a factor, and moves by a share of what is shown. */
  zoom(by: number, move?: number): void;
  showAll(): void;
  /** Whether small and large numbers of requests are seen alike. Returns what it is now. */
  toggleLogarithmic(): boolean;
  /** After a change of size or colours. */
  redraw(): void;
  /** Says what is shown now and whenever that changes. */
  onRange(says: (from: number, to: number) => void): void;
}

const HEIGHT = 220;
const LEAST_SECONDS = 12 * BIN_SECONDS;
const grouped = new Intl.NumberFormat('en-US');

const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Draws into the element. */
export function chartOf(drawing: Drawing, plot: HTMLElement): DrawnChart {
  const { seconds, edge, usual, requests, red } = seriesModel(drawing);
  const data: uPlot.AlignedData = [[...seconds], [...edge], [...usual], [...requests], [...red]];
  const [first = 0] = seconds;
  const last = Math.max(first + LEAST_SECONDS, seconds.at(-1) ?? 0);
  let logarithmic = false;
  let range = { min: first, max: last };
  let says: (from: number, to: number) => void = () => undefined;
  let chart = make();

  function make(): uPlot {
    return new uPlot(
      optionsOf(drawing, plot.clientWidth, logarithmic, range, (from, to) => says(from, to)),
      data,
      plot,
    );
  }
  function show(min: number, max: number): void {
    const length = Math.min(last - first, Math.max(LEAST_SECONDS, max - min));
    const start = Math.min(Math.max(first, (min + max - length) / 2), last - length);
    chart.setScale('x', { min: start, max: start + length });
  }
  const shown = () => {
    const { min, max } = chart.scales['x'] ?? {};
    return { min: min ?? first, max: max ?? last };
  };
  function redraw(): void {
    range = shown();
    chart.destroy();
    chart = make();
  }
  return {
    banded: edge.filter((one) => one !== null).length,
    red: red.filter((one) => one !== null).length,
    zoom(by, move = 0) {
      const { min, max } = shown();
      const [middle, half] = [(min + max) / 2 + move * (max - min), (max - min) / by / 2];
      show(middle - half, middle + half);
    },
    showAll: () => show(first, last),
    toggleLogarithmic() {
      logarithmic = !logarithmic;
      redraw();
      return logarithmic;
    },
    redraw,
    onRange(listener) {
      says = listener;
      says(shown().min, shown().max);
    },
  };
}

function optionsOf(
  drawing: Drawing,
  width: number,
  logarithmic: boolean,
  range: { readonly min: number; readonly max: number },
  says: (from: number, to: number) => void,
): uPlot.Options {
  const axis = {
    stroke: colour('--ink'),
    font: '12px system-ui, sans-serif',
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
  };
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  const steps = stepped ? { paths: stepped } : {};
  const points = { show: false };
  return {
    width: Math.max(240, width),
    height: HEIGHT,
    tzDate: (at) => uPlot.tzDate(new Date(at * 1000), 'Etc/UTC'),
    legend: { show: false },
    cursor: { y: false, points: { show: false } },
    scales: {
      x: { min: range.min, max: range.max },
      y: {
        range: (_, _low, high) => [0, topOf(high ?? 1)],
        ...(logarithmic ? { distr: 4, asinh: 10 } : {}),
      },
    },
    axes: [
      { ...axis, space: 64, values: (_, splits, __, ___, step) => axisTimes(splits, step) },
      {
        ...axis,
        size: 72,
        values: (_, splits) => splits.map((value) => (value === null ? null : grouped.format(value))),
      },
    ],
    series: [
      {},
      { ...steps, fill: colour('--band'), fillTo: 0, width: 0, points },
      { ...steps, stroke: colour('--dim'), dash: [4, 4], width: 1, points },
      { stroke: colour('--use'), width: 1.5, points },
      {
        stroke: colour('--red'),
        width: 3,
        points: { show: true, size: 5, fill: colour('--red'), filter: lonely },
      },
    ],
    hooks: {
      draw: [(u) => drawMarks(u, drawing)],
      setScale: [
        (u, scale) => {
          const { min, max } = u.scales[scale] ?? {};
          if (scale === 'x' && typeof min === 'number' && typeof max === 'number') says(min, max);
        },
      ],
    },
    plugins: [tip(drawing)],
  };
}

/** Points that no line shows: those without a neighbour. */
const lonely = (u: uPlot, series: number): number[] => {
  const values = u.data[series] ?? [];
  const isThere = (i: number) => typeof values[i] === 'number';
  return Array.from(values, (_, i) => i).filter((i) => isThere(i) && !isThere(i - 1) && !isThere(i + 1));
};

/** The bar of a standing level along the time axis, and upright lines: dashed where an incident was noticed. */
function drawMarks(u: uPlot, { standing, noticed, explained }: Drawing): void {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  const at = (seconds: number) => u.valToPos(seconds, 'x', true);
  const height = 6 * devicePixelRatio;
  ctx.fillStyle = colour('--amber');
  for (const [from, to] of standing) {
    const left = at(from * BIN_SECONDS);
    ctx.fillRect(left, bbox.top + bbox.height - height, at(to * BIN_SECONDS) - left, height);
  }
  ctx.strokeStyle = colour('--ink');
  ctx.lineWidth = 1.5 * devicePixelRatio;
  const upright = (seconds: number) => {
    ctx.beginPath();
    ctx.moveTo(at(seconds), bbox.top);
    ctx.lineTo(at(seconds), bbox.top + bbox.height);
    ctx.stroke();
  };
  if (explained !== undefined) upright(explained);
  ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
  for (const seconds of noticed) upright(seconds);
  ctx.restore();
}
