import type { Calibration } from '../contest.ts';
import { BUDGETS, type ScoreVerdict } from '../judges/score.ts';
import { markdownTable, orDash, percent, short } from './markdown.ts';

/** A detector's name with its verdicts at the budgets. */
export interface NamedScores {
  readonly name: string;
  readonly atBudgets: readonly ScoreVerdict[];
}

/** Recall, waste and time at the budgets, a line for each detector. */
export const scoreTable = (results: readonly NamedScores[]): string =>
  markdownTable(
    [
      'detector',
      ...BUDGETS.map((budget) => `recall @${budget}`),
      ...BUDGETS.map((budget) => `waste @${budget}`),
      'median min @0.02',
      `threshold @${BUDGETS[0]}, @${BUDGETS[3]}`,
    ],
    results.map(({ name, atBudgets }) => [
      name,
      ...atBudgets.map(({ recall }) => recall.toFixed(3)),
      ...atBudgets.map(({ waste }) => percent(waste)),
      orDash(atBudgets[1]?.medianMinutes, short),
      [atBudgets[0], atBudgets.at(-1)].map((verdict) => orDash(verdict?.threshold, short)).join(', '),
    ]),
  );

/** Runaways found of each kind at 0.02 false alerts per series and week. */
export function kindsByScore(results: readonly NamedScores[]): string {
  const kinds = Object.keys(results[0]?.atBudgets[1]?.kinds ?? {}).toSorted();
  return markdownTable(
    ['detector', ...kinds],
    results.map(({ name, atBudgets }) => [
      name,
      ...kinds.map((kind) => {
        const { found = 0, runaways = 0 } = atBudgets[1]?.kinds[kind] ?? {};
        return `${found} of ${runaways}`;
      }),
    ]),
  );
}

/** Nominal against measured false alerts per series and week. */
export function calibrationTable(calibrations: readonly Calibration[]): string {
  const sets = [...new Set(calibrations.map(({ set }) => set))];
  return markdownTable(
    ['set', ...BUDGETS.map((nominal) => `nominal ${nominal}`)],
    sets.map((set) => [
      set,
      ...calibrations
        .filter((calibration) => calibration.set === set)
        .map(
          ({ measured: { value, low, high } }) =>
            `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`,
        ),
    ]),
  );
}
