import type { MoneyVerdict, RunawayOutcome } from '../detection/judges/money.ts';
import { type MoneySummary, summarize } from '../detection/judges/money-summary.ts';
import { markdownTable, orDash, percent, short } from '../detection/report/markdown.ts';
import type { Played } from './play.ts';

/** One account, watched both ways. */
export interface Watched {
  readonly keys: number;
  readonly series: number;
  readonly mostActive: number;
  /** The whole bill of watching it under the cap. */
  readonly usdPerMonth: number;
  readonly played: Played;
  readonly everything: MoneyVerdict;
  readonly capped: MoneyVerdict;
}

/** Storms of more dollars an hour are told at most so many minutes later than with every series read in every run. */
const DEAR_USD_PER_HOUR = 10;
const MAX_MINUTES_LATER = 5;

/** One runaway, told both ways. */
interface Pair {
  readonly outcome: RunawayOutcome;
  /** Minutes after the message that reading everything sends; infinite if the cap missed it, NaN if both did. */
  readonly later: number;
}

function pairsOf(watched: readonly Watched[]): Pair[] {
  return watched.flatMap(({ everything, capped }) =>
    everything.outcomes.map((outcome, i) => {
      const minutes = capped.outcomes[i]?.minutes ?? Number.POSITIVE_INFINITY;
      return { outcome, later: minutes - outcome.minutes };
    }),
  );
}

const dear = ({ outcome }: Pair): boolean => outcome.peakUsdPerHour >= DEAR_USD_PER_HOUR;

/** Whether the bill stays under the cap and no storm over $10 an hour is told too late. */
export function isKept(watched: readonly Watched[], capUsd: number): boolean {
  const late = pairsOf(watched).filter((pair) => dear(pair) && pair.later > MAX_MINUTES_LATER);
  return late.length === 0 && watched.every(({ usdPerMonth }) => usdPerMonth <= capUsd);
}

/** The page that the benchmark writes. */
export function resultsDocument(watched: readonly Watched[], capUsd: number): string {
  const pairs = pairsOf(watched);
  return `# What the cap costs in time

${watched.length === 1 ? 'A simulated account' : `${watched.length} simulated accounts`} of 400 keys, a tenth of which run away within four weeks, watched every five minutes
as deployed by default, but for CloudWatch's real delay: under a cap of $${capUsd} a month for the detector's whole bill
(\`MonthlyUsdCap\`), and with every series read in every run. A series without requests has no datapoints. The first is the
pipeline, run by run; the second is \`backtest\`, of which a test shows that it tells what the pipeline tells. Written by
\`npm run bench:under-cap\`; the seeds are used for nothing else.

${accountsTable(watched)}

## Money

${moneyTable(watched)}

## Later than with everything read

Minutes between the two first messages of a runaway. Targets: over $10 an hour at most ${MAX_MINUTES_LATER}.

${laterTable(pairs)}
`;
}

const accountsTable = (watched: readonly Watched[]): string =>
  markdownTable(
    [
      'keys',
      'series',
      'in use in the same 3 hours, at most',
      'a month, whole bill',
      'metrics a run',
      'brought forward',
      'over the cap',
    ],
    watched.map(({ keys, series, mostActive, usdPerMonth, played }) => [
      String(keys),
      String(series),
      percent(mostActive),
      `$${usdPerMonth.toFixed(2)}`,
      (played.metricsRequested / played.runs).toFixed(0),
      `${played.broughtForward} of ${played.runs} runs`,
      `${played.overCap} runs`,
    ]),
  );

function moneyTable(watched: readonly Watched[]): string {
  const rows: readonly [string, MoneySummary][] = [
    ['everything read', summarize(watched.map(({ everything }) => everything))],
    ['under the cap', summarize(watched.map(({ capped }) => capped))],
  ];
  return markdownTable(
    [
      '',
      'told ≥ $1/h',
      'paged ≥ $10/h',
      'dollars gone before',
      'median minutes',
      'false notices/week',
      'false pages/month',
    ],
    rows.map(([name, summary]) => [
      name,
      `${summary.toldOver1} of ${summary.over1}`,
      `${summary.pagedOver10} of ${summary.over10}`,
      percent(summary.dollarsBefore),
      orDash(summary.medianMinutes, short),
      short(summary.falseNotices.value),
      short(summary.falsePages.value),
    ]),
  );
}

const SIZES: readonly [string, number, number][] = [
  ['over $10 an hour', DEAR_USD_PER_HOUR, Number.POSITIVE_INFINITY],
  ['$1 to $10', 1, DEAR_USD_PER_HOUR],
  ['under $1', 0, 1],
];

function laterTable(pairs: readonly Pair[]): string {
  return markdownTable(
    [
      'runaways',
      'told both ways',
      'at the same time or before',
      'up to 5 minutes',
      'up to 15',
      'up to 60',
      'more',
      'longest',
      'only with everything',
      'only under the cap',
    ],
    SIZES.map(([name, from, to]) => {
      const sized = pairs.filter(
        ({ outcome }) => outcome.peakUsdPerHour >= from && outcome.peakUsdPerHour < to,
      );
      const later = sized.map((pair) => pair.later).filter(Number.isFinite);
      const between = (low: number, high: number): string =>
        String(later.filter((minutes) => minutes > low && minutes <= high).length);
      return [
        name,
        String(later.length),
        between(Number.NEGATIVE_INFINITY, 0),
        between(0, 5),
        between(5, 15),
        between(15, 60),
        between(60, Number.POSITIVE_INFINITY),
        later.length === 0 ? '–' : `${short(Math.max(...later))} min`,
        String(sized.filter((pair) => pair.later === Number.POSITIVE_INFINITY).length),
        String(sized.filter((pair) => pair.later === Number.NEGATIVE_INFINITY).length),
      ];
    }),
  );
}
