import type { KeyArn } from './key.ts';

/** A number from 0 to `parts` - 1 that is the key's own for ever: what is due for a thousand keys is spread over runs by it. */
export function spreadOf(keyArn: KeyArn, parts: number): number {
  let hash = 0;
  for (let i = 0; i < keyArn.length; i++) hash = (hash * 31 + keyArn.charCodeAt(i)) >>> 0;
  return hash % parts;
}
