import { markdownTable, percent } from '../detection/report/markdown.ts';
import { type AccountTrials, DAYS, isInside, type Trial } from './trial.ts';

/** Least share of the fortnights that must lie inside the interval. */
export const TARGET = 0.75;

/** Accounts of one kind, each tried once. */
export interface TriedKind {
  readonly name: string;
  readonly trials: readonly AccountTrials[];
}

/** Share of the trials whose coming fortnight lay inside the interval. */
export const shareInside = (trials: readonly Trial[]): number =>
  trials.filter(isInside).length / trials.length;

const mean = (trials: readonly Trial[], figure: (trial: Trial) => number): string =>
  (trials.reduce((sum, trial) => sum + figure(trial), 0) / trials.length).toFixed(1);

const row = (name: string, trials: readonly Trial[]): string[] => [
  name,
  `${trials.filter(isInside).length} of ${trials.length}`,
  percent(shareInside(trials)),
  mean(trials, ({ before }) => before),
  mean(trials, ({ came }) => came),
  mean(trials, ({ forecast: { low } }) => low),
  mean(trials, ({ forecast: { high } }) => high),
];

/** RESULTS.md. */
export function resultsDocument(kinds: readonly TriedKind[]): string {
  const rows = kinds.flatMap(({ name, trials }) => {
    const notices = trials.map((trial) => trial.notices);
    const pages = trials.map((trial) => trial.pages);
    return [row(`${name}: notices`, notices), row(`${name}: pages`, pages)];
  });
  return `# How well a backtest forecasts

A backtest says between which bounds the notices and pages of the next ${DAYS} days will lie in 80 % of cases. Here
simulated accounts learn for eight weeks, are judged for ${DAYS} days, forecast the next ${DAYS} and are judged on. Written by
\`npm run bench:forecast\`; its seeds are used for nothing else. At least ${percent(TARGET)} must lie inside. Counts are
whole and small, so bounds cannot cut at 80 % exactly, and these are drawn for messages that come in pairs: on the
safe side, they may hold more.

${markdownTable(['account', 'inside', 'share', 'mean before', 'mean that came', 'mean low', 'mean high'], rows)}
`;
}
