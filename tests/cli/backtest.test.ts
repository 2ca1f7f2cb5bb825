import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kmsRunaway } from '../support/a-cli.ts';
import { aKeyArn } from '../support/keys.ts';

const START = Date.parse('2026-09-02T00:00:00Z') / 1000;
const BINS = 20 * 288;
const STORM = 18 * 288 + 100;

/** Twenty days of one steady key that decrypts a hundred times as much for an hour on the nineteenth. */
const rows = Array.from({ length: BINS }, (_, i) => {
  const requests = i >= STORM && i < STORM + 12 ? 90_000 : 850 + (i % 11) * 10;
  return `${START + i * 300},${aKeyArn(1)},Decrypt,${requests}`;
});
const HEADER = 'timestamp,keyArn,operation,requests';

describe('kms-runaway backtest', () => {
  let folder: string;
  const file = (name: string) => join(folder, name);
  const write = async (name: string, lines: readonly string[]) => {
    const text = `${lines.join('\n')}\n`;
    await writeFile(file(name), name.endsWith('.gz') ? gzipSync(text) : text);
    return file(name);
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'backtest-'));
    await write('use.csv', [HEADER, ...rows]);
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('says what people would have been told, as JSON', async () => {
    const { code, out, err } = await kmsRunaway('backtest', '--input', file('use.csv'), '--format', 'json');

    expect({ code, err }).toEqual({ code: 0, err: '' });
    const result = JSON.parse(out) as Record<string, unknown>;
    expect(result).toMatchObject({
      incidents: [
        {
          id: expect.stringMatching(/^kms-20260920T0820-/),
          keyArn: aKeyArn(1),
          operations: ['Decrypt'],
          openedAt: '2026-09-20T08:20:00Z',
          detectedAt: '2026-09-20T08:25:00Z',
          resolvedAt: '2026-09-20T09:20:00Z',
          severity: 'notice',
        },
      ],
      messages: [
        { at: '2026-09-20T08:28:00Z', kind: 'opened', severity: 'notice', keyArns: [aKeyArn(1)] },
        { kind: 'resolved', severity: 'notice' },
      ],
      series: 1,
      bins: BINS,
    });
  });

  it('gives the same answer for rows in any order, split in two, and gzipped', async () => {
    const shuffled = rows.toReversed().flatMap((row) => {
      const at = row.lastIndexOf(',') + 1;
      return [`${row.slice(0, at)}${Number(row.slice(at)) - 50}`, `${row.slice(0, at)}50`];
    });
    const other = await write('shuffled.csv.gz', [HEADER, ...shuffled]);

    const [plain, zipped] = await Promise.all(
      [file('use.csv'), other].map((input) => kmsRunaway('backtest', '--input', input, '--format', 'json')),
    );

    expect(JSON.parse(zipped?.out ?? '')).toEqual(JSON.parse(plain?.out ?? ''));
  });

  it('writes a score for each judged bin', async () => {
    const from = '2026-09-16T00:00:00Z';
    const scores = file('scores.csv.gz');

    await kmsRunaway('backtest', '--input', file('use.csv'), '--from', from, '--scores', scores);

    const lines = gunzipSync(await readFile(scores))
      .toString()
      .trim()
      .split('\n');
    expect(lines[0]).toBe('timestamp,keyArn,operation,requests,expected,upper,score,breaching');
    expect(lines).toHaveLength(1 + BINS - 14 * 288);
    expect(lines.filter((line) => line.endsWith(',1')).map((line) => Number(line.split(',')[0]))).toContain(
      START + STORM * 300,
    );
  });

  it('prints a table for people, and can fail a build on an incident', async () => {
    const quiet = await write('quiet.csv', [HEADER, ...rows.slice(0, STORM)]);

    const [stormy, calm] = await Promise.all([
      kmsRunaway('backtest', '--input', file('use.csv'), '--fail-on-incident'),
      kmsRunaway('backtest', '--input', quiet, '--fail-on-incident'),
    ]);

    expect([stormy.code, calm.code]).toEqual([2, 0]);
    expect(stormy.out).toContain('You would have heard of 1 incident in 2 messages, none of them a page; ');
    expect(stormy.out).toMatch(/2026-09-20 08:20\s+00000000-0000\s+notice\s+1\.0 h/);
  });

  it('lists the incidents as CSV, with the fields of the JSON', async () => {
    const { code, out } = await kmsRunaway('backtest', '--input', file('use.csv'), '--format', 'csv');

    const [head, row, ...rest] = out.split('\r\n').map((line) => line.split(','));
    const cells = Object.fromEntries((head ?? []).map((name, i) => [name, row?.[i]]));
    expect({ code, rest }).toEqual({ code: 0, rest: [['']] });
    expect(cells).toMatchObject({
      keyArn: aKeyArn(1),
      operations: 'Decrypt',
      openedAt: '2026-09-20T08:20:00Z',
      resolvedAt: '2026-09-20T09:20:00Z',
      severity: 'notice',
      peakUsdPerHour: expect.stringMatching(/^3\.\d+$/),
    });
  });

  it('counts the daily digest that tells what costs little, in the morning of a time zone', async () => {
    const small = rows.map((row, i) => (i >= STORM && i < STORM + 12 ? row.replace(',90000', ',5000') : row));
    const input = await write('small.csv', [HEADER, ...small]);

    const [berlin, unknown, table] = await Promise.all([
      kmsRunaway('backtest', '--input', input, '--time-zone', 'Europe/Berlin', '--format', 'json'),
      kmsRunaway('backtest', '--input', input, '--time-zone', 'Berlin'),
      kmsRunaway('backtest', '--input', input),
    ]);

    expect(JSON.parse(berlin.out)).toMatchObject({
      incidents: [{ severity: 'digest' }],
      messages: [{ at: '2026-09-21T06:03:00Z', kind: 'digest', severity: 'digest', keyArns: [aKeyArn(1)] }],
    });
    expect(unknown).toMatchObject({
      code: 64,
      err: expect.stringContaining('--time-zone "Berlin": expected'),
    });
    expect(table.out).toContain('0 incidents in 0 messages, none of them a page; 1 more');
    expect(table.out).toMatch(/daily\s+digests \(1\)/);
  });

  it.each([
    [
      'a bad time',
      [HEADER, rows[0], 'noon,x,Decrypt,1'],
      'line 3, column timestamp: "noon": expected ISO 8601',
    ],
    [
      'a key that is none',
      [HEADER, `${START},alias/x,Decrypt,1`],
      'line 2, column keyArn: "alias/x": expected a key ARN',
    ],
    [
      'a negative count',
      [HEADER, `${START},${aKeyArn(1)},Decrypt,-4`],
      'line 2, column requests: "-4": expected a number',
    ],
    [
      'an operation that is none',
      [HEADER, `${START},${aKeyArn(1)},De crypt,4`],
      'line 2, column operation: "De crypt"',
    ],
    ['a missing field', [HEADER, `${START},${aKeyArn(1)},Decrypt`], 'expected four fields'],
    ['another header', ['time,key,op,n', rows[0]], 'line 1, column timestamp'],
    ['no rows', [HEADER], 'expected at least one row'],
  ])('refuses %s by line and column, and prints no result', async (_, lines, message) => {
    const input = await write('bad.csv', lines as string[]);

    const { code, out, err } = await kmsRunaway('backtest', '--input', input);

    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(err).toContain(message);
  });

  it.each([
    ['no Region', ['backtest'], 'name one by --region'],
    ['a past in words', ['backtest', '--region', 'us-east-1', '--last', 'fortnight'], 'ISO 8601 duration'],
    ['a file that is not there', ['backtest', '--input', '/nowhere.csv'], '/nowhere.csv'],
    [
      'a time outside the recording',
      ['backtest', '--input', 'USE', '--from', '2031-01-01T00:00:00Z'],
      'expected a time within the recording',
    ],
    [
      'a sensitivity of nothing',
      ['backtest', '--input', 'USE', '--sensitivity', '0'],
      'quiet, normal, eager',
    ],
    ['a misspelt command', ['bactkest'], 'backtest'],
    ['a policy that is none', ['backtest', '--input', 'USE', '--policy', 'USE'], 'is not JSON'],
  ])('refuses %s as a wrong call', async (_, args, message) => {
    const { code, err } = await kmsRunaway(...args.map((arg) => (arg === 'USE' ? file('use.csv') : arg)));

    expect(code).toBe(64);
    expect(err).toContain(message);
  });
});
