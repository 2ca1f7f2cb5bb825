import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shippedPolicyDefaults } from '../../shared/config.ts';
import type { Policy } from '../../shared/domain/policy.ts';
import { parsePolicy } from '../../shared/policy-document.ts';
import { runBench } from './bench.ts';
import { judgeData } from './judge-data.ts';
import { parseOptions, USAGE } from './options.ts';
import { tunedOf } from './report/money-tables.ts';
import { recallPicture, timePicture } from './report/pictures.ts';
import { resultsDocument } from './report/results.ts';
import { seedsOf } from './sizes.ts';
import { dollarAccount } from './world/plans.ts';
import { writeAccount } from './write-csv.ts';

/** The detector's own defaults. */
const defaultPolicy = (): Policy => parsePolicy(undefined, shippedPolicyDefaults());

const progress = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(args: readonly string[]): Promise<void> {
  const { sizes, data, out, csv } = parseOptions(args);
  if (data.length > 0) {
    for (const prefix of data) process.stdout.write(`${await judgeData(prefix, defaultPolicy())}\n\n`);
    return;
  }
  if (csv !== undefined)
    for (const seed of seedsOf(sizes).accounts)
      writeAccount(csv, `account-${seed}`, dollarAccount(seed, sizes.keys));
  const bench = runBench(sizes, defaultPolicy(), progress);
  const document = resultsDocument(bench);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'RESULTS.md'), document);
  writeFileSync(join(out, 'recall.svg'), recallPicture(bench.results));
  writeFileSync(join(out, 'time-to-tell.svg'), timePicture(tunedOf(bench.results)));
  process.stdout.write(document);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  process.stderr.write(`${error.message}\n${USAGE}`);
  process.exitCode = 64;
}
