import * as z from 'zod';
import { isoDuration } from './duration.ts';

export const DEFAULT_TOP_PERIOD = 'PT3H';
export const DEFAULT_TOP_LIMIT = 20;

const MAX_KEYS = 500;

/** How far `top` looks back, in seconds: CloudWatch keeps 5-minute sums for 63 days. */
export const topPeriod = isoDuration(300, 63 * 86_400, `${DEFAULT_TOP_PERIOD}, from PT5M to P63D`);

/** How many keys `top` lists. */
export const topLimit = z
  .int({ error: `a whole number from 1 to ${MAX_KEYS}` })
  .min(1, { error: `a whole number from 1 to ${MAX_KEYS}` })
  .max(MAX_KEYS, { error: `a whole number from 1 to ${MAX_KEYS}` });
