import type { KeyFacts } from '../assess/key-facts.ts';
import type { QuotaGroup } from '../assess/quota.ts';
import { quotaGroup } from '../assess/quota.ts';
import type { SeriesId } from '../usage/key.ts';
import { isUnknown, UNKNOWN, type UsageSeries } from '../usage/series.ts';
import type { Bin } from '../usage/time.ts';
import type { Transition } from './advance.ts';
import type { Incident } from './incident.ts';
import { surplusOf } from './incident-facts.ts';
import type { Observation } from './observation.ts';
import { enterPaged, enterUsual, type RegionWatch } from './region-quota.ts';
import type { KeyWatch } from './watch.ts';

/** What a key takes of a quota above its own usual, in a bin in which it is in trouble. */
export interface KeyExcess {
  readonly bin: Bin;
  readonly group: QuotaGroup;
  readonly requests: number;
}

/** Enters what the key's judges hold for usual in the bin they judged last, and returns its excess, if it is in trouble. */
export function enterKey(region: RegionWatch, key: KeyWatch, { bin, state }: Observation): KeyExcess[] {
  const excess = new Map<QuotaGroup, number>();
  for (const { quotaGroup: group, judge, score, firstBin } of key.operations) {
    if (!group || bin < firstBin) continue;
    enterUsual(region, group, bin, judge ? score.expected : UNKNOWN);
    if (judge && (state === 'breaching' || state === 'above'))
      excess.set(group, (excess.get(group) ?? 0) + surplusOf(score));
  }
  return [...excess].map(([group, requests]) => ({ bin, group, requests }));
}

/** The requests of a series that no judge of its key speaks for. */
interface SeriesUse {
  readonly id: SeriesId;
  readonly usage: UsageSeries;
}

/** A series that nobody judges, because the policy leaves its key out: whatever it makes is usual. */
export const enterUnjudged = (region: RegionWatch, series: SeriesUse, spec: KeyFacts['spec']): void =>
  enterAsUsual(region, series, spec, (requests) => !isUnknown(requests));

/**
 * A series that a run leaves out: what it is assumed to make is what it usually makes, so it is part of both sums or of
 * none. Where nothing is assumed, nobody knows what is usual.
 */
export const enterAssumed = (region: RegionWatch, series: SeriesUse, spec: KeyFacts['spec']): void =>
  enterAsUsual(region, series, spec, () => true);

function enterAsUsual(
  region: RegionWatch,
  { id, usage }: SeriesUse,
  spec: KeyFacts['spec'],
  counts: (requests: number) => boolean,
): void {
  const group = quotaGroup(id.operation, spec);
  if (!group) return;
  for (const [i, requests] of usage.requests.entries())
    if (counts(requests)) enterUsual(region, group, usage.startBin + i, requests);
}

/** Enters the excesses of a key that fall into bins in which its own incident was open as a page. */
export function enterExcesses(
  region: RegionWatch,
  excesses: readonly KeyExcess[],
  before: Incident | undefined,
  transitions: readonly Transition[],
): void {
  for (const { bin, group, requests } of excesses) {
    const last = transitions.findLast(({ event }) => event.bin <= bin);
    if (isPage(last?.incident ?? before)) enterPaged(region, group, bin, requests);
  }
}

const isPage = (incident: Incident | undefined): boolean =>
  incident?.status === 'open' && incident.severity === 'page';
