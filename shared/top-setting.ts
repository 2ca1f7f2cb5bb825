import * as z from 'zod';
import { isoDuration } from './duration.ts';

export const DEFAULT_TOP_PERIOD = 'PT3H';
export const DEFAULT_TOP_LIMIT = 20;

const MAX_KEYS = 500;

/** How far `top` looks back, in seconds: CloudWatch keeps 5-minute sums for 63 days. */
export const topPeriod = isoDuration(300, 63 * 86_400, `${DEFAULT_TOP_PERIOD}, from PT5M to P63D`);

const LIMIT_EXPECTED = `a whole number from 1 to ${MAX_KEYS}`;

/** How many keys `top` lists. */
export const topLimit = z
  .int({ error: LIMIT_EXPECTED })
  .min(1, { error: LIMIT_EXPECTED })
  .max(MAX_KEYS, { error: LIMIT_EXPECTED });

/** The same from a command line. */
export const topLimitText = z
  .string()
  .regex(/^\d{1,9}$/, { error: LIMIT_EXPECTED })
  .transform(Number)
  .pipe(topLimit);
