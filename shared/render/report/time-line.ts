import type { Severity } from '../../domain/policy.ts';
import { BIN_SECONDS, BINS_PER_DAY, type Bin, binStart } from '../../domain/usage/time.ts';
import { usd } from '../number.ts';
import { dayText, durationText } from '../time.ts';
import { escapeHtml } from './html.ts';
import type { ShownIncident } from './shown-incident.ts';

const LANES: readonly Severity[] = ['page', 'notice', 'digest'];
const LANE = 40;
const MOST_DAYS = 5;

/** Incidents as bars from left to right, a lane for each severity. Positions are shares of the width. */
export function timeLine(
  incidents: readonly ShownIncident[],
  name: (incident: ShownIncident) => string,
  fromBin: Bin,
  endBin: Bin,
): string {
  const share = (bin: Bin) => `${((100 * (bin - fromBin)) / (endBin - fromBin)).toFixed(2)}%`;
  const lanes = LANES.filter((one) => incidents.some(({ severity }) => severity === one));
  const height = lanes.length * LANE + 24;
  const days = daysIn(fromBin, endBin).map(
    (bin) =>
      `<line class="day" x1="${share(bin)}" x2="${share(bin)}" y1="0" y2="${height - 20}"/><text x="${share(bin)}" y="${height - 5}" text-anchor="middle">${dayText(binStart(bin))}</text>`,
  );
  const bars = lanes.map((severity, lane) => {
    const own = incidents.filter((one) => one.severity === severity);
    const rects = own.map((incident) => {
      const { openedBin, endedBin = endBin, tally } = incident;
      const lasted = durationText((endedBin - openedBin) * BIN_SECONDS);
      const title = `${name(incident)}: ${lasted}, ${usd(tally.excessUsd)}`;
      return `<rect class="${severity}" x="${share(openedBin)}" y="${lane * LANE + 20}" width="${share(fromBin + endedBin - openedBin)}" height="14"><title>${escapeHtml(title)}</title></rect>`;
    });
    return `<text x="0" y="${lane * LANE + 15}">${severity} (${own.length})</text>${rects.join('')}`;
  });
  const label = `Time line of ${incidents.length} incidents; the table lists them`;
  return `<svg class="time-line" role="img" aria-label="${label}" width="100%" height="${height}">${days.join('')}${bars.join('')}</svg>`;
}

/** Up to five midnights, none of them so near an edge that its name would be cut. */
function daysIn(fromBin: Bin, endBin: Bin): Bin[] {
  const margin = (endBin - fromBin) / 16;
  const first = Math.ceil((fromBin + margin) / BINS_PER_DAY) * BINS_PER_DAY;
  const step = Math.max(1, Math.ceil((endBin - first) / BINS_PER_DAY / MOST_DAYS)) * BINS_PER_DAY;
  const days: Bin[] = [];
  for (let bin = first; bin < endBin - margin; bin += step) days.push(bin);
  return days;
}
