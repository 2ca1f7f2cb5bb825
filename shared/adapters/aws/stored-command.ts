import * as z from 'zod/mini';
import type { Acceptance } from '../../domain/detection/acceptance.ts';
import type { Mute } from '../../domain/incident/mute.ts';
import { type ShapeOf, storedKeyArn } from './stored-item.ts';

const text = z.string().check(z.minLength(1));

/** A mute as stored. */
export const storedMute = z.object({
  mute: z.object({
    id: text,
    keys: z.array(text).check(z.minLength(1)),
    until: z.int(),
    reason: z.string(),
    by: z.string(),
    createdAt: z.int(),
  } satisfies ShapeOf<Mute>),
  endedAt: z.exactOptional(z.int()),
  endedBy: z.exactOptional(z.string()),
});

/** An acceptance as stored. */
export const storedAcceptance = z.object({
  acceptance: z.object({
    id: text,
    keyArn: storedKeyArn,
    by: z.string(),
    reason: z.exactOptional(z.string()),
    at: z.int(),
  } satisfies ShapeOf<Acceptance>),
});
