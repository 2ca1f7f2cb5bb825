import type { MoneyResult, Result } from '../contest.ts';
import type { RunawayOutcome } from '../judges/money.ts';
import type { Rate } from '../judges/money-summary.ts';
import { markdownTable, orDash, percent, short } from './markdown.ts';

/** A detector's name with its money. */
export interface Named {
  readonly name: string;
  readonly result: MoneyResult;
}

const HEADER = [
  'detector',
  'told ≥ $1/h',
  'paged ≥ $10/h',
  'dollars gone before',
  'median minutes',
  'storms: 95 % within',
  'false notices/week',
  'false pages/month',
  'threshold',
];

/** What the customer gets, a line for each detector. False alarms are per 1,000 series. */
export const moneyTable = (results: readonly Named[]): string =>
  markdownTable(
    HEADER,
    results.map(({ name, result: { summary, threshold } }) => [
      name,
      `${summary.toldOver1} of ${summary.over1}`,
      `${summary.pagedOver10} of ${summary.over10}`,
      percent(summary.dollarsBefore),
      orDash(summary.medianMinutes, short),
      orDash(summary.p95MinutesStorms, (minutes) => `${short(minutes)} min`),
      short(summary.falseNotices.value),
      short(summary.falsePages.value),
      short(threshold),
    ]),
  );

/** False alarms where nothing happened, with 95 % confidence intervals. */
export const quietTable = (results: readonly Named[]): string =>
  markdownTable(
    ['detector', 'false notices/week', '95 % interval', 'false pages/month', '95 % interval'],
    results.map(({ name, result: { quietNotices, quietPages } }) => [
      name,
      short(quietNotices.value),
      interval(quietNotices),
      short(quietPages.value),
      interval(quietPages),
    ]),
  );

const interval = ({ low, high }: Rate): string => `${short(low)} to ${short(high)}`;

/** What became of the runaways over a dollar an hour, by kind. */
export function kindsInMoney(results: readonly Named[]): string {
  const kinds = kindsOf(results.flatMap(({ result }) => dear(result.outcomes)));
  return markdownTable(
    ['detector', ...kinds],
    results.map(({ name, result }) => [
      name,
      ...kinds.map((kind) => {
        const own = dear(result.outcomes).filter((outcome) => outcome.kind === kind);
        return `${own.filter(({ told }) => told).length} of ${own.length}`;
      }),
    ]),
  );
}

const dear = (outcomes: readonly RunawayOutcome[]) =>
  outcomes.filter(({ peakUsdPerHour }) => peakUsdPerHour >= 1);

const kindsOf = (outcomes: readonly RunawayOutcome[]): string[] =>
  [...new Set(outcomes.map(({ kind }) => kind))].toSorted();

/** Everybody at the threshold tuned on the training sets. */
export const tunedOf = (results: readonly Result[]): Named[] =>
  results.map(({ name, tuned }) => ({ name, result: tuned }));

/** Everybody at the threshold that suits the judged sets themselves. */
export const hindsightOf = (results: readonly Result[]): Named[] =>
  results.map(({ name, hindsight }) => ({ name, result: hindsight }));
