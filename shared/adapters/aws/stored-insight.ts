import * as z from 'zod/mini';
import type { Caller, CallerSample, Purpose, SampledShare } from '../../domain/callers/callers.ts';
import type { Cause } from '../../domain/causes/cause.ts';
import type { Insight } from '../../domain/incident/insight.ts';
import { type ShapeOf, storedNumber } from './stored-item.ts';

const share = {
  events: z.int(),
  share: storedNumber,
  low: storedNumber,
  high: storedNumber,
} satisfies ShapeOf<SampledShare>;

const text = z.exactOptional(z.string());
const counts = z.record(z.string(), storedNumber);

const caller = z.object({
  ...share,
  name: z.string(),
  arn: text,
  account: text,
  via: text,
  source: text,
  userAgent: text,
} satisfies ShapeOf<Caller>);

const purpose = z.object({
  ...share,
  context: z.string(),
  value: z.string(),
  detail: z.exactOptional(z.enum(['object', 'bucket'])),
  distinct: z.exactOptional(z.int()),
} satisfies ShapeOf<Purpose>);

const sample = z.object({
  events: z.int(),
  from: storedNumber,
  to: storedNumber,
  callers: z.array(caller),
  purposes: z.array(purpose),
  operations: counts,
  refused: counts,
  unreadable: z.exactOptional(z.int()),
} satisfies ShapeOf<CallerSample>);

const cause = z.object({
  id: z.string(),
  title: z.string(),
  certainty: z.enum(['likely', 'possible']),
  because: z.array(z.string()),
  fix: z.string(),
  command: text,
  savedShare: z.exactOptional(z.object({ low: storedNumber, high: storedNumber, why: text })),
  source: z.string(),
} satisfies ShapeOf<Cause>);

/** Who was calling and why, as stored with an incident. */
export const storedInsight = z.object({
  at: storedNumber,
  callers: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('known'), sample }),
    z.object({ kind: z.literal('unknown'), why: z.string(), mayCome: z.boolean() }),
  ]),
  causes: z.array(cause),
  wantedUntil: z.exactOptional(storedNumber),
} satisfies ShapeOf<Insight>);
