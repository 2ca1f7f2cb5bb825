import type { OperationFacts } from '../domain/incident/incident.ts';
import { type Operation, REENCRYPT_DESTINATION, REENCRYPT_SOURCE } from '../domain/usage/key.ts';
import { type Bin, binEnd } from '../domain/usage/time.ts';
import { count } from './number.ts';
import { plain } from './text.ts';
import { windowText } from './time.ts';

/** The operation as people know it; ReEncrypt says which side this key is on. */
export function operationName(operation: Operation): string {
  if (operation === REENCRYPT_SOURCE) return 'ReEncrypt from this key';
  if (operation === REENCRYPT_DESTINATION) return 'ReEncrypt to this key';
  return plain(operation, 64) || 'unnamed operation';
}

/** `Decrypt: 1.24 M requests 02:00-02:15 UTC (03:00 Berlin), usually 25,900.` */
export function operationSentence(facts: OperationFacts, bin: Bin, timeZone: string): string {
  const { operation, windowSeconds, requests, expected } = facts;
  const end = binEnd(bin);
  const window = windowText(end - windowSeconds, end, timeZone);
  return `${operationName(operation)}: ${count(requests)} requests ${window}, ${usually(expected)}.`;
}

/** `usually 25,900`; `usually none` where not even one is usual. */
export const usually = (expected: number): string =>
  expected < 0.5 ? 'usually none' : `usually ${count(Math.round(expected))}`;
