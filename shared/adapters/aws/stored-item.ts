import * as z from 'zod/mini';
import { isRegionSubject, type KeyArn, parseKeyArn } from '../../domain/usage/key.ts';

/** Schemas for every property of a type, so that a property added to the type cannot be forgotten here. */
export type ShapeOf<T> = { readonly [K in keyof T]-?: z.ZodMiniType<T[K]> };

/** A stored item, parsed, or why it cannot be. */
export type ParsedItem<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** What a stored item holds. Items are input like any other: somebody may have edited them, or a newer version wrote them. */
export function parseItem<T>(schema: z.ZodMiniType<T>, item: unknown): ParsedItem<T> {
  const parsed = z.safeParse(schema, item);
  if (parsed.success) return { kind: 'ok', value: parsed.data };
  const [first, ...others] = parsed.error.issues;
  const expected = first && 'expected' in first ? `expected ${String(first.expected)}` : first?.code;
  const rest = others.length > 0 ? ` and ${others.length} more` : '';
  return { kind: 'unreadable', reason: `${first?.path.join('.') || 'item'}: ${expected}${rest}` };
}

/** A key ARN in an item, or the Region that stands for all keys. */
export const storedKeyArn = z.custom<KeyArn>(
  (value) => typeof value === 'string' && (parseKeyArn(value) !== undefined || isRegionSubject(value)),
);

/** A number in an item: DynamoDB has no NaN and no infinity, so they are kept by name. */
export const storedNumber: z.ZodMiniType<number> = z.union([
  z.number(),
  z.pipe(z.enum(['NaN', 'Infinity', '-Infinity']), z.transform(Number)),
]);

/** The smallest magnitude DynamoDB keeps is 1e-130; what is that small is nothing here. */
const SMALLEST = 1e-100;

/** A record as DynamoDB can keep it: an odd number in a message must not cost the message. */
export function storable(value: unknown): unknown {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return String(value);
    return Math.abs(value) < SMALLEST ? 0 : value;
  }
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, storable(member)]));
}
