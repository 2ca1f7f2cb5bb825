import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { Recording } from '../../app/recording.ts';
import { type KeyArn, OPERATION_NAME, parseKeyArn, type SeriesId } from '../../domain/usage/key.ts';
import { UNKNOWN } from '../../domain/usage/series.ts';
import { BIN_SECONDS, BINS_PER_DAY, type Bin } from '../../domain/usage/time.ts';

const HEADER = ['timestamp', 'keyArn', 'operation', 'requests'] as const;
type Column = (typeof HEADER)[number];

/** Longest line that is read: a key ARN and three short fields fit ten times. */
const MAX_LINE = 4096;

/** Days from the first row to the last at most: CloudWatch keeps 455, and every series is held for the whole span. */
const MAX_SPAN_DAYS = 1100;

/** More requests than any quota allows in five minutes. */
const MAX_REQUESTS = 1e12;

/** How far reading has come, for a progress line. */
export interface ReadProgress {
  readonly rows: number;
}

/**
 * Reads a recording: CSV with the header `timestamp,keyArn,operation,requests`, plain or gzipped. Times are ISO 8601
 * or epoch seconds, rows come in any order, duplicates are summed, an empty `requests` is unknown. Lines are cut
 * here and not by a CSV library, because millions of rows of four plain fields are read four times as fast that way.
 * Throws a RecordingError at the first bad row: nothing half-read is used.
 */
export async function readRecording(
  path: string,
  onProgress?: (progress: ReadProgress) => void,
): Promise<Recording> {
  const file = createReadStream(path);
  const stream = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  file.on('error', (error) => stream.destroy(error));
  const rows = new RowSink();
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    const text = rest + String(chunk);
    let from = 0;
    for (let end = text.indexOf('\n', from); end >= 0; end = text.indexOf('\n', from)) {
      rows.add(text.charCodeAt(end - 1) === 13 ? text.slice(from, end - 1) : text.slice(from, end));
      from = end + 1;
    }
    rest = text.slice(from);
    if (rest.length > MAX_LINE)
      rows.fail('timestamp', rest.slice(0, 40), 'a line of at most 4,096 characters');
    onProgress?.({ rows: rows.count });
  }
  if (rest !== '') rows.add(rest);
  return rows.recording();
}

interface Growing {
  readonly id: SeriesId;
  /** First bin that `requests` has room for. */
  base: Bin;
  requests: Float64Array;
  first: Bin;
}

class RowSink {
  count = 0;
  #line = 0;
  readonly #series = new Map<string, Growing>();
  #start = Number.POSITIVE_INFINITY;
  #end = Number.NEGATIVE_INFINITY;

  add(line: string): void {
    this.#line++;
    if (this.#line === 1) this.#header(line);
    else if (line !== '') this.#row(line);
  }

  #row(line: string): void {
    const a = line.indexOf(',');
    const b = line.indexOf(',', a + 1);
    const c = line.indexOf(',', b + 1);
    if (a < 0 || b < 0 || c < 0 || line.indexOf(',', c + 1) >= 0) {
      this.fail('timestamp', line, 'four fields: timestamp,keyArn,operation,requests');
    }
    const bin = this.#bin(line.slice(0, a));
    const series = this.#seriesOf(line.slice(a + 1, c), a + 1 < b ? b - a - 1 : 0, bin);
    const requests = this.#requests(line.slice(c + 1));
    const at = roomFor(series, bin);
    series.requests[at] = (series.requests[at] ?? 0) + requests;
    this.#start = Math.min(this.#start, bin);
    this.#end = Math.max(this.#end, bin + 1);
    this.count++;
  }

  fail(column: Column, value: string, expected: string): never {
    throw new RecordingError(Math.max(1, this.#line), column, value, expected);
  }

  recording(): Recording {
    if (this.count === 0) this.fail('timestamp', '', 'at least one row below the header');
    const series = [...this.#series.values()].map(({ id, base, requests, first }) => {
      const usage = new Float64Array(this.#end - first);
      usage.set(requests.subarray(first - base, first - base + usage.length));
      return { id, usage: { startBin: first, requests: usage } };
    });
    return { series, startBin: this.#start, endBin: this.#end, rows: this.count };
  }

  #header(line: string): void {
    const names = line
      .replace(/^\uFEFF/, '')
      .split(',')
      .map((name) => name.trim());
    const wrong = HEADER.findIndex((name, i) => names[i] !== name);
    if (wrong < 0 && names.length === HEADER.length) return;
    this.fail(HEADER[Math.max(0, wrong)] ?? 'timestamp', line, `the header ${HEADER.join(',')}`);
  }

  #bin(text: string): Bin {
    const seconds = /^\d{1,12}$/.test(text) ? Number(text) : Date.parse(text) / 1000;
    if (!Number.isFinite(seconds) || seconds < 0) {
      this.fail('timestamp', text, 'ISO 8601 such as 2026-11-25T02:00:00Z, or epoch seconds');
    }
    const bin = Math.floor(seconds / BIN_SECONDS);
    if (Math.max(this.#end, bin + 1) - Math.min(this.#start, bin) > MAX_SPAN_DAYS * BINS_PER_DAY)
      this.fail('timestamp', text, `a time within ${MAX_SPAN_DAYS} days of all others`);
    return bin;
  }

  #seriesOf(name: string, arnLength: number, bin: Bin): Growing {
    const known = this.#series.get(name);
    if (known) return known;
    const keyArn: KeyArn | undefined = parseKeyArn(name.slice(0, arnLength));
    if (!keyArn)
      this.fail('keyArn', name.slice(0, arnLength), 'a key ARN, arn:aws:kms:REGION:ACCOUNT:key/ID');
    const operation = name.slice(arnLength + 1);
    if (!OPERATION_NAME.test(operation)) {
      this.fail('operation', operation, 'an operation such as Decrypt');
    }
    const series = { id: { keyArn, operation }, base: bin, requests: new Float64Array(256), first: bin };
    this.#series.set(name, series);
    return series;
  }

  #requests(text: string): number {
    if (text === '') return UNKNOWN;
    const requests = /^[\d.]+(e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : Number.NaN;
    if (!(requests >= 0 && requests <= MAX_REQUESTS)) {
      this.fail('requests', text, 'a number of requests, 0 or more, or nothing for unknown');
    }
    return requests;
  }
}

function roomFor(series: Growing, bin: Bin): number {
  const { base, requests } = series;
  if (bin < base || bin >= base + requests.length) {
    const newBase = bin < base ? Math.min(bin, base - requests.length) : base;
    const grown = new Float64Array(Math.max(bin + 1, base + requests.length) - newBase + requests.length);
    grown.set(requests, base - newBase);
    series.base = newBase;
    series.requests = grown;
  }
  series.first = Math.min(series.first, bin);
  return bin - series.base;
}

/** A recording that cannot be read, at its first bad field. */
export class RecordingError extends Error {
  override name = 'RecordingError' as const;
  readonly line: number;
  readonly column: string;
  readonly value: string;
  readonly expected: string;

  constructor(line: number, column: string, value: string, expected: string) {
    super(`line ${line}, column ${column}: ${JSON.stringify(value.slice(0, 120))}: expected ${expected}`);
    this.line = line;
    this.column = column;
    this.value = value;
    this.expected = expected;
  }
}
