import type { MessageOrigin } from '../domain/incident/message.ts';
import type { KeyBill, NoticeIncident } from '../domain/notice.ts';
import { severityWord } from './headline.ts';
import { count, percent, times, usd } from './number.ts';
import { operationName } from './operation-text.ts';
import type { StoryItem } from './story.ts';
import { plain } from './text.ts';
import { durationText, momentText } from './time.ts';

/** Lines in one block: more would be longer than a section of Slack holds. */
const LINES_IN_A_BLOCK = 10;

const MAX_NAME = 40;

/** Incidents, one line each, and how many are left out. */
export function incidentItems(
  incidents: readonly NoticeIncident[],
  total: number,
  { timeZone }: MessageOrigin,
): StoryItem[] {
  const lines = incidents.map((one) => incidentLine(one, timeZone));
  const hidden = total - incidents.length;
  if (hidden > 0) lines.push(`and ${count(hidden)} more that cost less`);
  return Array.from({ length: Math.ceil(lines.length / LINES_IN_A_BLOCK) }, (_, block) => {
    const first = block * LINES_IN_A_BLOCK;
    const title = block === 0 ? 'Runaways, the costliest first' : `Runaways, from the ${first + 1}th on`;
    return { title, lines: lines.slice(first, first + LINES_IN_A_BLOCK), links: [] };
  });
}

/** `lake-etl: $0.42 extra, Decrypt 12x, Tue 24 Nov 14:05 UTC, over after 40 min`. */
function incidentLine(one: NoticeIncident, timeZone: string): string {
  const { name, severity, operations, openedAt, endedAt, excessUsd, peakRatio } = one;
  const [operation] = operations;
  const others = operations.length > 1 ? ` and ${operations.length - 1} more` : '';
  const ratio = peakRatio >= 1.05 ? ` ${times(peakRatio)}` : '';
  const parts = [
    `${usd(excessUsd)} extra`,
    ...(operation ? [`${operationName(operation)}${others}${ratio}`] : []),
    momentText(openedAt, timeZone),
    endedAt === undefined ? 'goes on' : `over after ${durationText(endedAt - openedAt)}`,
  ];
  const told = severity === 'digest' ? '' : `${severityWord(severity)} `;
  return `${told}${plain(name, MAX_NAME) || 'unnamed key'}: ${parts.join(', ')}`;
}

/** Keys by what they cost in the week, one line each; nothing where there are none. */
export const billItem = (title: string, keys: readonly KeyBill[]): StoryItem[] =>
  keys.length === 0 ? [] : [{ title, lines: keys.map(billLine), links: [] }];

/** `lake-etl: $4.21, 1.4 M requests, 35% more than usual ($3.12)`. */
function billLine({ name, usd: cost, usualUsd, requests }: KeyBill): string {
  const label = plain(name, MAX_NAME) || 'unnamed key';
  return `${label}: ${usd(cost)}, ${count(requests)} requests${changeText(cost, usualUsd)}`;
}

function changeText(cost: number, usual: number): string {
  if (usual === 0) return ', no usual week yet';
  const change = cost / usual - 1;
  if (Math.abs(change) < 0.1 || !Number.isFinite(change)) return '';
  return `, ${percent(Math.abs(change))} ${change > 0 ? 'more' : 'less'} than the usual ${usd(usual)}`;
}
