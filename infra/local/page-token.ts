import { createHash } from 'node:crypto';
import { ApiError, type Input } from './service.ts';

/**
 * Where the next page begins. The token belongs to its request and to the moment of the first page, so that data
 * published between two pages shifts nothing.
 */
export interface PagePosition {
  /** Item that the page begins with. */
  readonly item: number;
  /** Parts of that item that earlier pages held. */
  readonly part: number;
  readonly asOf: number;
}

/** The token for a position in the answers to a request. */
export function pageToken(input: Input, position: PagePosition): string {
  const { item, part, asOf } = position;
  return Buffer.from(JSON.stringify([item, part, asOf, digest(input)])).toString('base64url');
}

/** The position of a request's token, or the beginning. A token of another request is refused, as AWS does. */
export function pagePosition(input: Input, token: string | undefined, now: number): PagePosition {
  if (token === undefined) return { item: 0, part: 0, asOf: now };
  const [item, part, asOf, owner] = parse(token);
  if (
    typeof item !== 'number' ||
    typeof part !== 'number' ||
    typeof asOf !== 'number' ||
    owner !== digest(input)
  ) {
    throw new ApiError('InvalidNextToken', 'The token is not valid.');
  }
  return { item, part, asOf };
}

function parse(token: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}

const digest = (input: Input): string =>
  createHash('sha256')
    .update(JSON.stringify({ ...input, NextToken: undefined }))
    .digest('base64url')
    .slice(0, 16);
