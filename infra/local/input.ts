import type * as z from 'zod';
import { ApiError, type Input } from './service.ts';

/**
 * The input in the form that the schema describes. A request that does not fit is answered like AWS's own front
 * end does: `ValidationError`, with one line for every parameter that is wrong.
 */
export function parseInput<T>(schema: z.ZodType<T>, input: Input): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    const path = issue.path.map((part) => (typeof part === 'number' ? `member.${part + 1}` : String(part)));
    return `The parameter ${path.join('.')} is invalid: ${issue.message}`;
  });
  throw new ApiError('ValidationError', lines.join('\n'));
}

/** Epoch seconds from what the protocols send: a number (JSON), or an ISO 8601 time (Query). */
export function parseTime(value: string | number): number {
  if (typeof value === 'number') return value;
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : Date.parse(value) / 1000;
}
