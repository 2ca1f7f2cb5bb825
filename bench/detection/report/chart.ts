/** One line of a chart. */
export interface Line {
  readonly name: string;
  /** By x, ascending. */
  readonly points: readonly (readonly [number, number])[];
}

/** A chart with a logarithmic x axis and shares from 0 to 1 on the y axis. The first line is the one that matters. */
export interface Chart {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  readonly lines: readonly Line[];
}

const WIDTH = 860;
const HEIGHT = 430;
const PLOT = { left: 62, right: 560, top: 46, bottom: 372 } as const;
/** Readable on white and on black, and apart from each other for most colour-blind people. */
const COLOURS = [
  '#d6336c',
  '#1c7ed6',
  '#2f9e44',
  '#e8890c',
  '#7048e8',
  '#0c8599',
  '#868e96',
  '#a8763e',
] as const;

/** The chart as a picture of its own: it follows the reader's light or dark scheme and needs no script. */
export function chartSvg({ title, xTitle, yTitle, ticks, lines }: Chart): string {
  const first = ticks[0]?.at ?? 1;
  const last = ticks.at(-1)?.at ?? 10;
  const x = (value: number) => {
    const share = Math.log(value / first) / Math.log(last / first);
    return PLOT.left + Math.min(1, Math.max(0, share)) * (PLOT.right - PLOT.left);
  };
  const y = (share: number) => Number((PLOT.bottom - share * (PLOT.bottom - PLOT.top)).toFixed(1));
  const grid = [0, 0.2, 0.4, 0.6, 0.8, 1].flatMap((share) => [
    `<line class="grid" x1="${PLOT.left}" x2="${PLOT.right}" y1="${y(share)}" y2="${y(share)}"/>`,
    `<text x="${PLOT.left - 8}" y="${y(share) + 4}" text-anchor="end">${Math.round(100 * share)} %</text>`,
  ]);
  const marks = ticks.flatMap(({ at, label }) => [
    `<line class="grid" x1="${x(at).toFixed(1)}" x2="${x(at).toFixed(1)}" y1="${PLOT.top}" y2="${PLOT.bottom}"/>`,
    `<text x="${x(at).toFixed(1)}" y="${PLOT.bottom + 18}" text-anchor="middle">${escaped(label)}</text>`,
  ]);
  const drawn = lines.map(({ points }, i) => {
    const path = points.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(' ');
    const width = i === 0 ? 3.5 : 1.8;
    return `<polyline points="${path}" fill="none" stroke="${colourOf(i)}" stroke-width="${width}" stroke-linejoin="round"/>`;
  });
  const legend = lines.flatMap(({ name }, i) => {
    const at = PLOT.top + 12 + i * 24;
    return [
      `<line x1="${PLOT.right + 18}" x2="${PLOT.right + 40}" y1="${at}" y2="${at}" stroke="${colourOf(i)}" stroke-width="${i === 0 ? 4 : 2.5}"/>`,
      `<text x="${PLOT.right + 48}" y="${at + 4}"${i === 0 ? ' class="main"' : ''}>${escaped(name)}</text>`,
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">`,
    STYLE,
    `<text class="title" x="${PLOT.left}" y="26">${escaped(title)}</text>`,
    ...grid,
    ...marks,
    `<text x="${(PLOT.left + PLOT.right) / 2}" y="${PLOT.bottom + 42}" text-anchor="middle">${escaped(xTitle)}</text>`,
    `<text transform="translate(16 ${(PLOT.top + PLOT.bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(yTitle)}</text>`,
    ...drawn.toReversed(),
    ...legend,
    '</svg>',
    '',
  ].join('\n');
}

const STYLE = `<style>
text { font: 12px system-ui, sans-serif; fill: #333; }
.title { font-size: 15px; font-weight: 600; }
.main { font-weight: 700; }
.grid { stroke: #8886; stroke-width: 1; }
@media (prefers-color-scheme: dark) { text { fill: #ddd; } }
</style>`;

const colourOf = (index: number): string => COLOURS[index % COLOURS.length] ?? '#868e96';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
