/** Seconds since 1970-01-01T00:00:00Z. */
export type EpochSeconds = number;

/** A 5-minute sampling period, counted from 1970: its start is `bin * BIN_SECONDS`. Integers cannot be misaligned. */
export type Bin = number;

/** A whole hour, counted from 1970: its start is `hour * 3600`. */
export type Hour = number;

/** The sampling period. */
export const BIN_SECONDS = 300;
export const BINS_PER_HOUR = 12;
export const BINS_PER_DAY = 288;
export const BINS_PER_WEEK = 2016;
export const HOUR_SECONDS = 3600;
export const DAY_SECONDS = 86_400;

/** Days that CloudWatch keeps 5-minute data: of a moment before nothing can be judged. */
export const KEPT_DAYS = 63;

/** Seconds after its end at which a bin no longer changes: only final bins are learned or resolve an incident. */
export const FINAL_AFTER_SECONDS = 1800;

/** The bin that holds this instant. */
export const binAt = (at: EpochSeconds): Bin => Math.floor(at / BIN_SECONDS);

/** Start of a bin, inclusive. */
export const binStart = (bin: Bin): EpochSeconds => bin * BIN_SECONDS;

/** End of a bin, exclusive. */
export const binEnd = (bin: Bin): EpochSeconds => (bin + 1) * BIN_SECONDS;

/** The hour that holds this bin. */
export const hourOfBin = (bin: Bin): Hour => Math.floor(bin / BINS_PER_HOUR);

/**
 * First bin that is not settled yet at `asOf`. The delay is subtracted first and the result aligned after:
 * the other order would read a bin that is still being filled.
 */
export const settledEnd = (asOf: EpochSeconds, settleSeconds: number): Bin => binAt(asOf - settleSeconds);

/** First bin that may still change at `asOf`: all earlier ones are final. */
export const finalEnd = (asOf: EpochSeconds): Bin => binAt(asOf - FINAL_AFTER_SECONDS);

/**
 * The hours that a bin's judgement may have learned: those that ended at least 30 minutes before the bin starts.
 * Returned as the first hour not learned, so the bin that starts 12:25 gives 11:00 and the one at 12:30 gives 12:00.
 * It depends on the bin alone, so a late run, a manual check and a backtest all judge the bin alike.
 */
export const learnedThroughFor = (bin: Bin): Hour =>
  Math.floor((binStart(bin) - FINAL_AFTER_SECONDS) / HOUR_SECONDS);

/**
 * How far a baseline may be stored at `asOf` (first hour not learned). One hour behind what the newest bin is
 * judged by: a bin that is not final yet must find the baseline that judged it the first time.
 */
export const storedThrough = (asOf: EpochSeconds): Hour =>
  Math.floor((asOf - 2 * FINAL_AFTER_SECONDS) / HOUR_SECONDS);

/** ISO 8601 in UTC without milliseconds: `2026-11-25T02:05:00Z`. */
export const isoTime = (at: EpochSeconds): string => new Date(at * 1000).toISOString().replace('.000Z', 'Z');
