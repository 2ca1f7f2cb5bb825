import { gzipSync } from 'node:zlib';
import type { BacktestSettings } from '../../shared/app/backtest.ts';
import { seriesName } from '../../shared/domain/usage/key.ts';
import { type Bin, binStart } from '../../shared/domain/usage/time.ts';
import type { OutputFile } from '../output-file.ts';

/** A CSV of every judged bin, written as the replay goes. */
export interface ScoreFile {
  readonly write: NonNullable<BacktestSettings['onScore']>;
  /** Writes the rest, and puts the file where it belongs. */
  commit(): void;
}

const HEADER = 'timestamp,keyArn,operation,requests,expected,upper,score,breaching\n';

/** Rows kept before they are written: a gzip member of some hundred kilobytes. */
const CHUNK_ROWS = 20_000;

/**
 * Fills a score file; `.gz` is compressed, chunk by chunk, which any gzip reader takes as one file. A series has a row
 * for each bin from `fromBin` on, with score 0 before its birth and where its requests are unknown.
 */
export function scoreFile(path: string, file: OutputFile, fromBin: Bin): ScoreFile {
  const next = new Map<string, Bin>();
  let rows = [HEADER];
  const flush = () => {
    const text = rows.join('');
    rows = [];
    if (text !== '') file.write(path.endsWith('.gz') ? gzipSync(text) : text);
  };
  const add = (row: string) => {
    rows.push(row);
    if (rows.length >= CHUNK_ROWS) flush();
  };
  return {
    write(id, score, breaching, upper) {
      const name = seriesName(id);
      const series = `${id.keyArn},${id.operation}`;
      for (let bin = next.get(name) ?? fromBin; bin < score.bin; bin++)
        add(`${binStart(bin)},${series},0,0,0,0,0\n`);
      const requests = Number.isNaN(score.requests) ? '' : score.requests;
      const numbers = [
        requests,
        score.expected.toFixed(2),
        upper().toFixed(2),
        score.score.toFixed(4),
        breaching ? 1 : 0,
      ];
      add(`${binStart(score.bin)},${series},${numbers.join(',')}\n`);
      next.set(name, score.bin + 1);
    },
    commit() {
      flush();
      file.commit();
    },
  };
}
