import type { KeyArn } from '../../domain/usage/key.ts';
import { BIN_SECONDS } from '../../domain/usage/time.ts';
import { count } from '../number.ts';
import { operationName } from '../operation-text.ts';
import { durationText } from '../time.ts';
import { bandSvg } from './band-svg.ts';
import type { Drawing } from './drawing.ts';
import { escapeHtml } from './html.ts';
import type { RecordedChart } from './series-recorder.ts';
import { binsIn } from './stretch.ts';

/** What the charts show, and a place for each of them, which the browser fills. */
export function chartsSection(
  charts: readonly RecordedChart[],
  drawings: readonly Drawing[],
  name: (keyArn: KeyArn) => string,
  hours: number,
  hidden: number,
  red = 'beyond the band, in an open incident',
): string {
  const figures = charts.map((chart, i) =>
    chartFigure(chart, drawings[i], `${name(chart.id.keyArn)}: ${operationName(chart.id.operation)}`, i),
  );
  const sampling =
    hours === 1
      ? 'A point is the busiest five minutes of an hour; near what is unusual, every five minutes are kept.'
      : `A point is the busiest five minutes of ${hours} hours; within a day of what is unusual, of an hour, and what is unusual is kept whole.`;
  return `<section><h2>Use and band</h2>
${legend(red, '<li><i class="noticed"></i>an incident is noticed</li>')}
<p>${sampling} Drag over a chart to zoom, or use its buttons.</p>
${figures.join('\n')}${hidden > 0 ? `<p>${count(hidden)} more series are not drawn.</p>` : ''}</section>`;
}

/** What the lines of a chart are; `red` and the list item of the upright line depend on what the page is about. */
export const legend = (red: string, upright: string): string => `<ul class="legend">
<li><i class="band"></i>band: up to the requests in five minutes that would have opened an incident. There is no lower edge, and where no number of requests would have opened one, no band.</li>
<li><i class="use"></i>requests in five minutes</li>
<li><i class="usual"></i>usual at that time</li>
<li><i class="red"></i>${red}</li>
${upright}
<li><i class="standing"></i>a new level stands: after two days it is reported weekly, and the band is that of more on top of it</li>
</ul>`;

/** Charts that are also there without scripts: with more of them, a page of 500 would be over 5 MB. */
const MAX_STILL = 200;

/** A place for the chart of this number, which the browser draws; without scripts a simpler one stands there. */
export function chartFigure(
  { id, points, beyond }: RecordedChart,
  drawing: Drawing | undefined,
  title: string,
  index: number,
): string {
  const highest = points.reduce((most, [, requests]) => Math.max(most, requests ?? 0), 0);
  const bins = binsIn(beyond);
  const verdict =
    bins === 0 ? 'never beyond the band' : `beyond the band for ${durationText(bins * BIN_SECONDS)}`;
  const description = `At most ${count(highest)} requests in five minutes; ${verdict}.`;
  const isStill = drawing !== undefined && index < MAX_STILL;
  const still = isStill ? bandSvg(drawing, { title, description }) : '<p>This chart needs JavaScript.</p>';
  return `<figure id="chart-${index}" data-chart="${index}"><figcaption><b>${escapeHtml(title)}</b><br>${description} <span class="arn">${escapeHtml(id.keyArn)}</span></figcaption><div class="tools" role="group" aria-label="${escapeHtml(`Zoom of ${title}`)}"></div><div class="plot" aria-hidden="true"></div><noscript>${still}</noscript><details><summary>Values as a table</summary></details></figure>`;
}
