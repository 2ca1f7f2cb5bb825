/** A copy that nobody can change: what a store keeps may be handed out again and again without another copy. */
export const frozenCopy = <T>(value: T): T => freeze(structuredClone(value));

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  for (const part of Object.values(value)) freeze(part);
  return Object.freeze(value);
}
