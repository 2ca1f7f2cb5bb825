import { BIN_SECONDS, type Counter } from './counter-metric.ts';
import { centralEuropeanOffset } from './local-time.ts';
import { gaussian, poisson } from './random.ts';
import { type RunawayScript, runawayRate } from './runaway.ts';
import { type Moment, SHAPES, type ShapeName } from './world-shapes.ts';

const DAY_SECONDS = 86_400;
const BINS_A_DAY = DAY_SECONDS / BIN_SECONDS;

/** How one key is used by one operation. */
export interface Usage {
  /** Undefined for a series that only a runaway uses. */
  readonly shape: ShapeName | undefined;
  readonly requestsPerSecond: number;
  /** Whose calendar it follows. */
  readonly timeZone: 'utc' | 'centralEurope';
  /** Series of one key share this seed, so its operations have the same peaks. */
  readonly patternSeed: number;
  readonly seed: number;
  readonly bornAt: number;
  /** Where the world starts. */
  readonly anchor: number;
}

/** A counter that is made up as it is read, one day at a time. */
export interface GeneratedCounter extends Counter {
  addRunaway(script: RunawayScript): void;
}

/** The counter of a usage, always the same for the same usage and runaways. */
export function generatedCounter(usage: Usage): GeneratedCounter {
  const days = new Map<number, Float64Array>();
  const runaways: RunawayScript[] = [];
  const firstBin = Math.floor(usage.bornAt / BIN_SECONDS);
  let newestDay = Number.NaN;
  let newestBins: Float64Array = new Float64Array(0);

  return {
    firstBin,
    seed: usage.seed,
    requests(bin) {
      if (bin < firstBin) return Number.NaN;
      const day = Math.floor(bin / BINS_A_DAY);
      if (day !== newestDay) {
        newestDay = day;
        newestBins = days.get(day) ?? makeDay(day, usage, runaways);
        days.set(day, newestBins);
      }
      return newestBins[bin - day * BINS_A_DAY] ?? Number.NaN;
    },
    addRunaway(script) {
      runaways.push(script);
      days.clear();
      newestDay = Number.NaN;
    },
  };
}

function makeDay(day: number, usage: Usage, runaways: readonly RunawayScript[]): Float64Array {
  const bins = new Float64Array(BINS_A_DAY);
  const { seed, patternSeed } = usage;
  const shape = usage.shape && SHAPES[usage.shape];
  const midnight = day * DAY_SECONDS;
  const active = runaways.filter(({ from, to }) => from < midnight + DAY_SECONDS && to > midnight);
  const offsetAt = usage.timeZone === 'utc' ? () => 0 : centralEuropeanOffset;
  const before = offsetAt(midnight);
  const after = offsetAt(midnight + DAY_SECONDS - 1);
  // Clocks change at 01:00 UTC, if they do.
  const change = midnight + 3_600;
  const at: Moment = { day: 0, weekday: 0, secondOfDay: 0, weeks: 0 };
  for (let i = 0; i < BINS_A_DAY; i++) {
    const start = midnight + i * BIN_SECONDS;
    const index = day * BINS_A_DAY + i;
    moveTo(at, start, start < change ? before : after, usage.anchor);
    // A shape's noise is that of many independent clients: 3 % of the rate, and the Poisson noise of a count.
    const noise = usage.shape === 'poller' ? 1 : 1 + 0.03 * gaussian(seed, index);
    const usual = shape ? shape(at, patternSeed) * usage.requestsPerSecond * noise : 0;
    let rate = usual;
    for (const script of active) {
      const share =
        Math.max(0, Math.min(script.to, start + BIN_SECONDS) - Math.max(script.from, start)) / BIN_SECONDS;
      if (share > 0) rate += share * (runawayRate(script, usual, start, seed) - usual);
    }
    const mean = rate * BIN_SECONDS;
    const isExact = usage.shape === 'poller' && rate === usual;
    bins[i] = isExact ? Math.round(mean) : poisson(mean, seed ^ 0x27d4eb2f, index);
  }
  return bins;
}

function moveTo(at: Moment, epochSeconds: number, offset: number, anchor: number): void {
  const local = epochSeconds + offset;
  at.day = Math.floor(local / DAY_SECONDS);
  at.secondOfDay = local - at.day * DAY_SECONDS;
  // 1970-01-01 was a Thursday.
  at.weekday = (at.day + 4) % 7;
  at.weeks = (epochSeconds - anchor) / (7 * DAY_SECONDS);
}
