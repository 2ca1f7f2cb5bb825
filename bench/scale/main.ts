import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MEMORY_MEGABYTES, type Measured, measure, TIMEOUT_SECONDS } from './measure.ts';
import { resultsDocument } from './results.ts';

/** 1,000, 3,000, 10,000 and 30,000 series. */
const KEYS = [333, 1000, 3333, 10_000];

/** Writes RESULTS.md, anew after each size; ends with 1 if the largest account does not fit into the function. */
async function main(out: string): Promise<void> {
  const all: Measured[] = [];
  for (const keys of KEYS) {
    process.stderr.write(`${keys} keys\n`);
    all.push(await measure(keys));
    writeFileSync(join(out, 'RESULTS.md'), resultsDocument(all));
  }
  process.stdout.write(resultsDocument(all));
  const checks = all.flatMap(({ hourly, ordinary }) => [hourly, ordinary]);
  const fits = ({ megabytes, seconds }: (typeof checks)[number]) =>
    megabytes < MEMORY_MEGABYTES && seconds < TIMEOUT_SECONDS;
  if (!checks.every(fits)) process.exitCode = 1;
}

await main(process.argv[2] ?? 'bench/scale');
