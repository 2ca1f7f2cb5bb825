import { describe, expect, it } from 'vitest';
import { newBaseline, STATE_BYTES } from '../../../../shared/domain/detection/baseline.ts';
import { CODEC_VERSION, decodeBaseline, encodeBaseline } from '../../../../shared/domain/detection/codec.ts';
import { judgeOf, MIDNIGHT, steady, weeks } from '../../../support/a-judged-series.ts';

/** Most that an operation may take of its item. */
const MOST_BYTES = 4096;
const HEADER_BYTES = 16;

const bytesOf = (change: (bytes: Uint8Array, header: DataView) => void = () => {}): Uint8Array => {
  const bytes = encodeBaseline(newBaseline(MIDNIGHT));
  change(bytes, new DataView(bytes.buffer));
  return bytes;
};

const ofVersion = (version: number) => bytesOf((bytes) => bytes.fill(version, 0, 1));

describe('the stored form of a baseline', () => {
  it('is as long after eight weeks as on the first day, and within 4,096 bytes', () => {
    const taught = encodeBaseline(judgeOf(steady, weeks(8)).baseline);

    expect(taught.length).toBe(bytesOf().length);
    expect(taught.length).toBe(HEADER_BYTES + STATE_BYTES);
    expect(taught.length).toBeLessThanOrEqual(MOST_BYTES);
  });

  it('begins with its version, then the first hour not learned and the birth', () => {
    const header = new DataView(bytesOf().buffer);

    expect(header.getUint8(0)).toBe(CODEC_VERSION);
    expect(header.getInt32(4, true)).toBe(MIDNIGHT / 12);
    expect(header.getInt32(8, true)).toBe(MIDNIGHT);
  });

  it('has the layout that this version had from the beginning: whoever changes it counts the version up', () => {
    expect([CODEC_VERSION, bytesOf().length]).toMatchInlineSnapshot(`
      [
        2,
        4072,
      ]
    `);
  });

  it('can lie anywhere in a larger buffer, which it does not keep', () => {
    const page = new Uint8Array(7 + bytesOf().length);
    page.set(bytesOf(), 7);
    const decoded = decodeBaseline(page.subarray(7));
    page.fill(255);

    expect(decoded).toEqual({ kind: 'ok', baseline: newBaseline(MIDNIGHT) });
  });
});

describe('stored bytes that are no baseline of this version', () => {
  it.each([CODEC_VERSION + 1, 99, 255, 0])('are refused by the version they name: %d', (version) => {
    expect(decodeBaseline(ofVersion(version))).toEqual({ kind: 'unknownVersion', version });
  });

  it('are outdated when an earlier engine learned them, whatever else they hold', () => {
    expect(decodeBaseline(ofVersion(1))).toEqual({ kind: 'outdated', version: 1 });
    expect(decodeBaseline(Uint8Array.of(1))).toEqual({ kind: 'outdated', version: 1 });
  });

  it.each([
    [
      'too long',
      Uint8Array.of(...bytesOf(), 0),
      `${bytesOf().length + 1} bytes where ${bytesOf().length} are expected`,
    ],
    ['born before 1970', bytesOf((_, header) => header.setInt32(8, -5, true)), 'born in bin -5'],
    [
      'born after what it learned',
      bytesOf((_, header) => header.setInt32(4, 100, true)),
      'learned through hour 100',
    ],
    ['not finite', bytesOf((_, header) => header.setFloat32(HEADER_BYTES, Number.NaN, true)), 'not finite'],
    ['negative', bytesOf((_, header) => header.setFloat32(HEADER_BYTES, -1, true)), 'negative'],
  ])('are corrupt when %s, and say how', (_, bytes, reason) => {
    expect(decodeBaseline(bytes)).toEqual({ kind: 'corrupt', reason: expect.stringContaining(reason) });
  });
});
