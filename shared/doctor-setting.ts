import { isoDuration } from './duration.ts';

/** How long a doctor may watch datapoints: a change has to have a chance, and the function has four minutes. */
export const WATCH = { none: 'PT0S', default: 'PT75S', most: 150 } as const;

/** Seconds to watch, from an ISO 8601 duration. */
export const watchPeriod = isoDuration(
  0,
  WATCH.most,
  `${WATCH.default}, at most PT150S, or ${WATCH.none} for not at all`,
);
