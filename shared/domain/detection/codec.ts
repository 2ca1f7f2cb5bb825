import { BASELINE_LENGTH, type Baseline, baselineOf } from './baseline.ts';

/** First byte of the stored form. Another version is refused, never read as this one. */
export const CODEC_VERSION = 1;

const HEADER_BYTES = 16;

/** What stored bytes turn out to be. */
export type DecodedBaseline =
  | { readonly kind: 'ok'; readonly baseline: Baseline }
  | { readonly kind: 'unknownVersion'; readonly version: number }
  | { readonly kind: 'corrupt'; readonly reason: string };

/** The stored form: version, first hour not learned, birth, then all numbers as little-endian 32-bit floats. */
export function encodeBaseline({ learnedThrough, bornBin, values }: Baseline): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + 4 * values.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, CODEC_VERSION);
  view.setInt32(4, learnedThrough, true);
  view.setInt32(8, bornBin, true);
  for (const [i, value] of values.entries()) view.setFloat32(HEADER_BYTES + 4 * i, value, true);
  return bytes;
}

/** The baseline of stored bytes, or why there is none. */
export function decodeBaseline(bytes: Uint8Array): DecodedBaseline {
  const version = bytes[0];
  if (version === undefined) return { kind: 'corrupt', reason: 'no bytes' };
  if (version !== CODEC_VERSION) return { kind: 'unknownVersion', version };
  const expected = HEADER_BYTES + 4 * BASELINE_LENGTH;
  if (bytes.length !== expected) {
    return { kind: 'corrupt', reason: `${bytes.length} bytes where ${expected} are expected` };
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = Float32Array.from({ length: BASELINE_LENGTH }, (_, i) =>
    view.getFloat32(HEADER_BYTES + 4 * i, true),
  );
  if (!values.every(Number.isFinite)) return { kind: 'corrupt', reason: 'a number that is not finite' };
  return { kind: 'ok', baseline: baselineOf(view.getInt32(4, true), view.getInt32(8, true), values) };
}
