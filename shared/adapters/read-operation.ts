import type { OperationBaseline } from '../app/ports.ts';
import { decodeBaseline } from '../domain/detection/codec.ts';
import type { KeyArn } from '../domain/usage/key.ts';

/** An operation's baseline from its stored bytes, or the reason why they cannot be read. */
export function readOperation(
  bytes: Uint8Array,
  counterparts: readonly KeyArn[],
): OperationBaseline | string {
  const decoded = decodeBaseline(bytes);
  switch (decoded.kind) {
    case 'ok':
      return { baseline: decoded.baseline, counterparts };
    case 'unknownVersion':
      return `codec version ${decoded.version} is not known here`;
    case 'corrupt':
      return `corrupt: ${decoded.reason}`;
    default:
      return decoded satisfies never;
  }
}
