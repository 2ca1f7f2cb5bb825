import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machine } from '../detection/machine.ts';
import { dollarAccount } from '../detection/world/plans.ts';
import { writeAccount } from '../detection/write-csv.ts';
import { BINS_OF_A_RUN, preparedRun, runOnce } from './one-run.ts';
import type { FileReplay } from './replay-file.ts';
import { type Spread, scaled, spreadOf, spreadText } from './spread.ts';
import { judgeAll, someSeries, taughtSeries } from './taught.ts';

/** Series whose use is judged over and over; enough for every shape. */
const KEYS = 30;
const REPETITIONS = 5;
const SERIES_COUNTS = [1000, 10_000, 100_000] as const;
/** Keys whose twelve weeks are about four million rows. */
const FILE_KEYS = 150;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  say(`${machine()}; median (min to max) of ${REPETITIONS} repetitions, 3 of the largest run`);
  const series = someSeries(KEYS);
  await sayBins(series);
  await sayRuns(series);
  sayFile();
}

async function sayBins(series: ReturnType<typeof someSeries>): Promise<void> {
  const bins = series.reduce((sum, one) => sum + one.usage.requests.length, 0);
  const spread = await spreadOf(
    REPETITIONS,
    () => series,
    (all) => all.map((one) => judgeAll(one)),
  );
  say(
    `judging and learning a new bin: ${spreadText(scaled(spread, 1e6 / bins), 'µs')}, over ${bins} bins of ${series.length} series`,
  );
}

async function sayRuns(series: ReturnType<typeof someSeries>): Promise<void> {
  const [first] = series;
  if (!first) return;
  // Nine weeks are learned: more than any history has.
  const throughHour = Math.floor((first.usage.startBin + 9 * 2016) / 12);
  const taught = taughtSeries(series, throughHour, BINS_OF_A_RUN);
  const bytes = taught.map((one) => one.bytes.length).toSorted((a, b) => a - b);
  say(
    `state of an operation: ${bytes.at(-1)} bytes stored at most, ${bytes[bytes.length >> 1]} in the median`,
  );
  for (const count of SERIES_COUNTS) {
    const isLarge = count >= 100_000;
    const spread = await spreadOf(
      isLarge ? 3 : REPETITIONS,
      () => preparedRun(taught, count, throughHour),
      (ports) => runOnce(ports, throughHour),
      isLarge ? 0 : 1,
    );
    say(
      `one run of ${count} series, ${BINS_OF_A_RUN} bins each: ${spreadText(spread, 's')}, ${perSeries(spread, count)}`,
    );
  }
}

const perSeries = (spread: Spread, count: number): string =>
  `${((spread.median * 1e6) / count).toFixed(1)} µs a series`;

function sayFile(): void {
  const folder = mkdtempSync(join(tmpdir(), 'bench-speed-'));
  try {
    writeAccount(folder, 'account', dollarAccount(78, FILE_KEYS));
    const script = join(import.meta.dirname, 'replay-file.ts');
    const answer = execFileSync(process.execPath, [
      '--import',
      'tsx',
      script,
      join(folder, 'account.csv.gz'),
    ]);
    const { rows, bins, seconds, megabytes } = JSON.parse(answer.toString()) as FileReplay;
    say(
      `backtest of ${rows} rows, ${bins} bins: ${seconds.toFixed(1)} s, ${Math.round(bins / seconds)} bins a second, ${Math.round(megabytes)} MB`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await main();
