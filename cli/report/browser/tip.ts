import type uPlot from 'uplot';
import type { Drawing } from '../../../shared/render/report/drawing.ts';
import { BIN_SECONDS, utc } from './drawings.ts';

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const number = (value: number | null | undefined, none: string): string =>
  typeof value === 'number' ? grouped.format(value) : none;

/** Values at the cursor, beside it. */
export function tip({ standing }: Drawing): uPlot.Plugin {
  const box = document.createElement('div');
  box.className = 'tip';
  box.hidden = true;
  const fill = (u: uPlot) => {
    const { idx, left = -1 } = u.cursor;
    box.hidden = idx === null || idx === undefined || left < 0;
    if (box.hidden || typeof idx !== 'number') return;
    const [edge, usual, requests, red] = [1, 2, 3, 4].map((series) => u.data[series]?.[idx]);
    const at = u.data[0][idx] ?? 0;
    const bin = at / BIN_SECONDS;
    const isStanding = standing.some(([from, to]) => bin >= from && bin < to);
    box.textContent = [
      `${utc(at)} UTC`,
      `requests  ${number(requests, 'not known')}`,
      `usual  ${number(usual, '?')}`,
      `told from  ${number(edge, 'no number')}`,
      ...(typeof red === 'number' ? ['beyond the band'] : []),
      ...(isStanding ? ['a new level stands'] : []),
    ].join('\n');
    const isRight = left > u.over.clientWidth / 2;
    box.style.left = isRight ? '' : `${left + 12}px`;
    box.style.right = isRight ? `${u.over.clientWidth - left + 12}px` : '';
  };
  return {
    hooks: {
      init: [(u) => u.over.append(box)],
      setCursor: [fill],
    },
  };
}
