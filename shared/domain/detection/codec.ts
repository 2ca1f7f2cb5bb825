import { BINS_PER_HOUR } from '../usage/time.ts';
import { type Baseline, baselineOf, STATE_BYTES } from './baseline.ts';

/**
 * First byte of the stored form. Another version is never read as this one. An earlier one (1: the first engine) is
 * worth nothing to this engine and is learned anew from CloudWatch; a later one belongs to a newer release and is
 * refused, so that going back to an old release destroys nothing.
 */
export const CODEC_VERSION = 2;

const FIRST_VERSION = 1;

const HEADER_BYTES = 16;

/** What stored bytes turn out to be. */
export type DecodedBaseline =
  | { readonly kind: 'ok'; readonly baseline: Baseline }
  /** An earlier engine learned it. */
  | { readonly kind: 'outdated'; readonly version: number }
  | { readonly kind: 'unknownVersion'; readonly version: number }
  | { readonly kind: 'corrupt'; readonly reason: string };

/**
 * The stored form: version, first hour not learned, birth, then the state as it stands in memory (little-endian on
 * every processor that Lambda and Node's builds for people's machines run on).
 */
export function encodeBaseline({ learnedThrough, bornBin, state }: Baseline): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + STATE_BYTES);
  const header = new DataView(bytes.buffer);
  header.setUint8(0, CODEC_VERSION);
  header.setInt32(4, learnedThrough, true);
  header.setInt32(8, bornBin, true);
  bytes.set(state, HEADER_BYTES);
  return bytes;
}

/** The baseline of stored bytes, or why there is none. The bytes are copied, never kept. */
export function decodeBaseline(bytes: Uint8Array): DecodedBaseline {
  const version = bytes[0];
  if (version === undefined) return { kind: 'corrupt', reason: 'no bytes' };
  if (version >= FIRST_VERSION && version < CODEC_VERSION) return { kind: 'outdated', version };
  if (version !== CODEC_VERSION) return { kind: 'unknownVersion', version };
  const expected = HEADER_BYTES + STATE_BYTES;
  if (bytes.length !== expected) {
    return { kind: 'corrupt', reason: `${bytes.length} bytes where ${expected} are expected` };
  }
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const learnedThrough = header.getInt32(4, true);
  const bornBin = header.getInt32(8, true);
  if (bornBin < 0 || learnedThrough * BINS_PER_HOUR < bornBin - BINS_PER_HOUR) {
    return { kind: 'corrupt', reason: `learned through hour ${learnedThrough}, born in bin ${bornBin}` };
  }
  const baseline = baselineOf(learnedThrough, bornBin, Uint8Array.from(bytes.subarray(HEADER_BYTES)));
  if (!baseline.values.every((value) => Number.isFinite(value) && value >= 0)) {
    return { kind: 'corrupt', reason: 'a number that is negative or not finite' };
  }
  return { kind: 'ok', baseline };
}
