import type { OperationBaseline } from '../app/ports.ts';
import { decodeBaseline } from '../domain/detection/codec.ts';
import type { KeyArn } from '../domain/usage/key.ts';

/**
 * An operation's baseline from its stored bytes, or the reason why they cannot be read. Undefined if an earlier engine
 * learned them: the operation counts as not learned yet, is back-filled like a new one and saved over them.
 */
export function readOperation(
  bytes: Uint8Array,
  counterparts: readonly KeyArn[],
  accounts?: readonly string[],
): OperationBaseline | string | undefined {
  const decoded = decodeBaseline(bytes);
  switch (decoded.kind) {
    case 'ok':
      return { baseline: decoded.baseline, counterparts, ...(accounts ? { accounts } : {}) };
    case 'outdated':
      return undefined;
    case 'unknownVersion':
      return `codec version ${decoded.version} is not known here`;
    case 'corrupt':
      return `corrupt: ${decoded.reason}`;
    default:
      return decoded satisfies never;
  }
}
