import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Measured, longest first: a long file that begins last keeps one core busy alone. */
const LONGEST = [
  'bundle/lambda',
  'scale-out/scale-out',
  'pipeline/notices',
  'pipeline/commands',
  'pipeline/killed-run',
  'pipeline/own-cost',
  'pipeline/region-quota',
  'pipeline/backfill',
  'bundle/many-regions',
  'cli/demo',
  'cli/check',
  'cli/backtest-account',
  'cli/top',
  'cli/doctor',
  'pipeline/backtest-region',
  'pipeline/backtest-equals-live',
  'pipeline/outage',
];

const rankOf = ({ moduleId }: TestSpecification): number => {
  const at = LONGEST.findIndex((name) => moduleId.endsWith(`/tests/${name}.test.ts`));
  return at < 0 ? LONGEST.length : at;
};

/** The order on a clean checkout, where nothing is known of earlier runs. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}
