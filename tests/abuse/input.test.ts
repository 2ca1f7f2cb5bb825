import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseTrigger } from '../../functions/detector/trigger.ts';
import { RecordingError, readRecording } from '../../shared/adapters/recording/csv-recording.ts';
import { ConfigError, parseConfig, SETTING_NAMES } from '../../shared/config.ts';
import { PolicyError, parsePolicy } from '../../shared/policy-document.ts';
import { aKeyArn } from '../support/keys.ts';
import { expectUnpolluted, hostileJson, hostileText, nested, RUNS } from './hostile.ts';

/** Bytes of an answer to a payload that is refused: Lambda's own limit is six million. */
const MAX_ANSWER = 100_000;

const ACTIONS = [
  'check',
  'explain',
  'diagnose',
  'top',
  'status',
  'ack',
  'mute',
  'unmute',
  'accept',
  'nothing',
];
const FIELDS = [
  'keys',
  'operations',
  'at',
  'lookback',
  'notify',
  'key',
  'by',
  'until',
  'reason',
  'incident',
  'limit',
];

const payload = fc.oneof(
  hostileJson,
  fc
    .tuple(fc.constantFrom(...ACTIONS), fc.dictionary(fc.constantFrom(...FIELDS), hostileJson))
    .map(([action, fields]) => ({ ...fields, action })),
);

function expectAnswer(event: unknown): void {
  const parsed = parseTrigger(event);

  if (parsed.kind === 'trigger') return;
  expect(parsed.problems.length).toBeGreaterThan(0);
  for (const { path, expected } of parsed.problems)
    expect([typeof path, typeof expected]).toEqual(['string', 'string']);
  expect(JSON.stringify(parsed.problems).length).toBeLessThan(MAX_ANSWER);
}

describe('a payload', () => {
  it('is understood, or every problem of it is named', () => {
    fc.assert(fc.property(payload, expectAnswer), RUNS);
    expectUnpolluted();
  });

  it.each([
    ['long', { action: 'check', keys: 'x'.repeat(5_000_000) }],
    ['full of fields', Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`field${i}`, i]))],
    ['of one long field', { ['y'.repeat(5_000_000)]: 1 }],
    ['a long list', Array.from({ length: 500_000 }, () => 'key')],
    ['nested deeply', nested(20_000)],
    ['nested deeply in a field', { action: 'check', keys: nested(20_000) }],
    ['of many bad keys', { action: 'check', keys: Array.from({ length: 400 }, () => '\u001b'.repeat(1000)) }],
    [
      'with a long alias',
      { action: 'mute', key: `alias/${'*'.repeat(1_000_000)}`, until: 'P1D', reason: 'r', by: 'b' },
    ],
    ['a duration of many digits', { action: 'check', lookback: `PT${'9'.repeat(1_000_000)}S` }],
  ])('that is %s is refused at once, in few words', (_, event) => {
    const began = performance.now();

    expect(parseTrigger(event).kind).toBe('invalid');
    expectAnswer(event);
    expect(performance.now() - began).toBeLessThan(5000);
  });
});

describe('the environment', () => {
  it('is taken, or all of its problems are named', () => {
    const environment = fc.dictionary(
      fc.oneof(fc.constantFrom(...SETTING_NAMES), hostileText),
      fc.oneof(hostileText, fc.constantFrom('0', '1e309', '-0', 'NaN', 'https://', 'http://[::1', ' ')),
    );
    fc.assert(
      fc.property(environment, (variables) => {
        try {
          parseConfig({ TABLE_NAME: 'table', ...variables });
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
        }
      }),
      RUNS,
    );
    expectUnpolluted();
  });
});

describe('a policy document', () => {
  const defaults = { sensitivity: 200, pageUsdPerHour: 10, noticeUsdPerHour: 0.5 };
  const parts = ['thresholds', 'overrides', 'receivers', 'exclude', 'prices'];
  const document = fc.oneof(
    hostileJson,
    fc.dictionary(fc.constantFrom(...parts), hostileJson).map((fields) => ({ version: 1, ...fields })),
    fc
      .dictionary(fc.constantFrom('name', 'keys', 'period', 'above', 'severity', '__proto__'), hostileJson)
      .map((threshold) => ({ version: 1, thresholds: [threshold] })),
  );

  it('is taken whole, or refused with its problems', () => {
    fc.assert(
      fc.property(document, (one) => {
        try {
          parsePolicy(one, defaults);
        } catch (error) {
          expect(error).toBeInstanceOf(PolicyError);
          expect((error as PolicyError).message.length).toBeLessThan(MAX_ANSWER);
        }
      }),
      RUNS,
    );
    expectUnpolluted();
  });
});

describe('a recording', () => {
  const folder = mkdtempSync(join(tmpdir(), 'abuse-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const HEADER = 'timestamp,keyArn,operation,requests\n';
  const ROW = `2026-11-18T08:00:00Z,${aKeyArn(1)},Decrypt,5\n`;
  const read = (bytes: string | Uint8Array, name = 'recording.csv') => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return readRecording(path);
  };

  it('is read, or its first bad line is named', async () => {
    const field = fc.oneof(hostileText, fc.constantFrom('', '5', '1764000000', aKeyArn(1), 'Decrypt'));
    const line = fc.oneof(
      fc.constant(ROW.trim()),
      fc.array(field, { maxLength: 5 }).map((all) => all.join(',')),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 6 }), async (lines) => {
        await read(HEADER + lines.join('\n')).catch((error: unknown) => {
          expect(error).toBeInstanceOf(RecordingError);
          expect((error as RecordingError).message.length).toBeLessThan(2000);
        });
      }),
      RUNS,
    );
    expectUnpolluted();
  });

  it.each([
    ['times that are ages apart', `${HEADER}${ROW}999999999999,${aKeyArn(2)},Decrypt,5\n`, 'timestamp'],
    ['a time of 1970 among today\u2019s', `${HEADER}${ROW}0,${aKeyArn(1)},Decrypt,5\n`, 'timestamp'],
    ['a blank for a number', `${HEADER}2026-11-18T08:00:00Z,${aKeyArn(1)},Decrypt, \n`, 'requests'],
    ['hexadecimal requests', `${HEADER}2026-11-18T08:00:00Z,${aKeyArn(1)},Decrypt,0x10\n`, 'requests'],
    ['more requests than can be', `${HEADER}2026-11-18T08:00:00Z,${aKeyArn(1)},Decrypt,1e308\n`, 'requests'],
    ['a line without an end', HEADER + 'x'.repeat(10_000_000), 'timestamp'],
    ['one long line among others', `${HEADER}${ROW}${'x'.repeat(60_000)}\n${ROW}`, 'timestamp'],
    ['nothing', '', 'timestamp'],
    ['no text at all', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256)), 'timestamp'],
  ])('with %s is refused', async (_, bytes, column) => {
    await expect(read(bytes)).rejects.toMatchObject({ name: 'RecordingError', column });
  });

  it('that unpacks to far more than it is stops at the first bad line', async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000, 'x'));

    await expect(read(bomb, 'bomb.csv.gz')).rejects.toThrow(RecordingError);
  });

  it('whose packing is cut off or none at all is an error, not half a recording', async () => {
    const packed = gzipSync(HEADER + ROW.repeat(1000));

    await expect(read(packed.subarray(0, packed.length - 20), 'cut.csv.gz')).rejects.toThrow(
      'unexpected end of file',
    );
    await expect(read('no gzip', 'none.csv.gz')).rejects.toThrow('incorrect header check');
  });
});
