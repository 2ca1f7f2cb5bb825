import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storedRecord } from '../../shared/adapters/aws/stored-incident.ts';
import { parseItem } from '../../shared/adapters/aws/stored-item.ts';
import { storedNotice } from '../../shared/adapters/aws/stored-notice.ts';
import { storedReport } from '../../shared/adapters/aws/stored-report.ts';
import { newBaseline } from '../../shared/domain/detection/baseline.ts';
import { decodeBaseline, encodeBaseline } from '../../shared/domain/detection/codec.ts';
import { binAt, hourOfBin } from '../../shared/domain/usage/time.ts';
import { aDetector, START } from '../support/a-detector.ts';
import { aKeyArn } from '../support/keys.ts';
import { expectUnpolluted, hostileJson, RUNS } from './hostile.ts';

const NOW = hourOfBin(binAt(START));
const GOOD = encodeBaseline(newBaseline(binAt(START) - 12 * 24));

/** Stored bytes: at random, or good ones of which some were changed. */
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 64 }),
  fc.array(fc.tuple(fc.nat(GOOD.length - 1), fc.nat(255)), { maxLength: 20 }).map((changes) => {
    const changed = GOOD.slice();
    for (const [at, byte] of changes) changed[at] = byte;
    return changed;
  }),
  fc.nat(GOOD.length).map((length) => GOOD.slice(0, length)),
);

/** Good bytes that claim to have learned up to this hour, of a series born in this bin. */
function claiming(learnedThrough: number, bornBin: number): Uint8Array {
  const claimed = GOOD.slice();
  const header = new DataView(claimed.buffer);
  header.setInt32(4, learnedThrough, true);
  header.setInt32(8, bornBin, true);
  return claimed;
}

describe('the bytes of a baseline', () => {
  it('are a baseline, or it is said what they are', () => {
    fc.assert(
      fc.property(bytes, (stored) => {
        const decoded = decodeBaseline(stored);

        expect(['ok', 'outdated', 'unknownVersion', 'corrupt']).toContain(decoded.kind);
        if (decoded.kind === 'ok')
          expect(Buffer.from(encodeBaseline(decoded.baseline)).subarray(12)).toEqual(
            Buffer.from(stored).subarray(12),
          );
      }),
      RUNS,
    );
  });

  const KEY = { kind: 'key', keyArn: aKeyArn(1), operation: 'Decrypt' } as const;
  const OTHER = { kind: 'key', keyArn: aKeyArn(2), operation: 'Decrypt' } as const;

  /** A run over a key with these bytes and a sound one beside it. */
  async function runWith(stored: Uint8Array) {
    const traces = [KEY, OTHER].map((metric) => ({
      metric,
      requests: () => 100,
      fromBin: binAt(START) - 12 * 48,
    }));
    const detector = aDetector({ traces });
    detector.ports.baselines.putBytes(KEY.keyArn, KEY.operation, stored);
    detector.ports.baselines.putBytes(
      OTHER.keyArn,
      OTHER.operation,
      claiming(NOW - 2, binAt(START) - 12 * 48),
    );
    const report = await detector.run(START + 180);
    return { report, detector };
  }

  it.each([
    ['has learned what is still to come', claiming(NOW + 100_000, binAt(START) - 288)],
    ['has learned the end of time', claiming(2_147_483_647, binAt(START) - 288)],
    ['has learned tomorrow', claiming(NOW + 24, binAt(START) - 288)],
    ['was born in the future', claiming(NOW + 1000, binAt(START) + 12_000)],
    ['has learned nothing since 1970', claiming(0, 0)],
    ['is of another version', Uint8Array.of(99, ...GOOD.slice(1))],
    ['is cut off', GOOD.slice(0, 100)],
  ])('of which one %s cost the other keys nothing', async (_, stored) => {
    const { report } = await runWith(stored);

    expect(report.keys).toBe(2);
    const examples = [...Object.values(report.insufficientData), ...Object.values(report.notChecked)].flatMap(
      (one) => one.examples,
    );
    expect(examples.filter((one) => one.includes(OTHER.keyArn))).toEqual([]);
  });

  it.each([
    ['tomorrow', claiming(NOW + 24, binAt(START) - 288)],
    ['the end of time', claiming(2_147_483_647, binAt(START) - 288)],
  ])('that claim to have learned %s are told, not taken for a quiet key', async (_, stored) => {
    const { report } = await runWith(stored);

    expect(report.normal).toBe(1);
    expect(report.notChecked).toHaveProperty('baselineUnreadable');
  });
});

describe('stored items', () => {
  it('are read, or it is said what is wrong with them', () => {
    fc.assert(
      fc.property(hostileJson, (item) => {
        for (const schema of [storedRecord, storedReport, storedNotice]) {
          const parsed = parseItem<unknown>(schema, item);
          if (parsed.kind === 'unreadable') expect(parsed.reason.length).toBeLessThan(500);
        }
      }),
      RUNS,
    );
    expectUnpolluted();
  });
});
