import type { IncidentFacts } from '../domain/incident/incident.ts';
import { BIN_SECONDS } from '../domain/usage/time.ts';
import { count } from './number.ts';
import { sparkline } from './sparkline.ts';
import type { Story } from './story.ts';
import { durationText } from './time.ts';

/** The last hours of what goes on; what came before the first known bin is left out. */
export function chartOf(facts: IncidentFacts): Pick<Story, 'chart'> {
  const recent = facts.recent.slice(facts.recent.findIndex(Number.isFinite));
  const highest = Math.max(0, ...recent.filter(Number.isFinite));
  if (highest === 0) return {};
  const span = durationText(recent.length * BIN_SECONDS);
  return {
    chart: { bars: sparkline(recent), caption: `last ${span}, highest ${count(highest)} requests in 5 min` },
  };
}
