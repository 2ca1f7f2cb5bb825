import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Baseline, cloneBaseline, newBaseline } from '../../shared/domain/detection/baseline.ts';
import { decodeBaseline, encodeBaseline } from '../../shared/domain/detection/codec.ts';
import {
  type BinScore,
  judgeBin,
  MOST_REQUESTS,
  newBinScore,
  startJudge,
  upperFor,
} from '../../shared/domain/detection/judge.ts';
import { learnThrough } from '../../shared/domain/detection/learn.ts';
import {
  BINS_PER_HOUR,
  BINS_PER_WEEK,
  hourOfBin,
  learnedThroughFor,
} from '../../shared/domain/usage/time.ts';

/** A Monday at midnight, in bins. */
const START = 5_000_000 - (5_000_000 % BINS_PER_WEEK);

/** Use of some days: a habit by the hour, noise, gaps that are not known, silent stretches, and a storm. */
const aTrace = fc
  .record({
    seed: fc.nat(1_000_000),
    days: fc.integer({ min: 2, max: 24 }),
    level: fc.constantFrom(0.5, 20, 3_000, 400_000),
    isSparse: fc.boolean(),
    storm: fc.double({ min: 0, max: 1, noNaN: true }),
    factor: fc.constantFrom(1, 4, 60),
  })
  .map(({ seed, days, level, isSparse, storm, factor }) => {
    const bins = days * 288;
    const stormAt = Math.floor(storm * bins);
    return Float64Array.from({ length: bins }, (_, i) => {
      const noise = hash(seed, i);
      if (noise > 0.997) return Number.NaN;
      if (isSparse && hash(seed + 1, Math.floor(i / 30)) > 0.2) return 0;
      const habit = 1 + Math.sin((i / 288) * 2 * Math.PI);
      return Math.round(
        level * habit * (0.6 + 0.8 * noise) * (i >= stormAt && i < stormAt + 40 ? factor : 1),
      );
    });
  });

function hash(seed: number, i: number): number {
  let x = (seed ^ Math.imul(i + 1, 0x9e3779b1)) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}

/** Six days of wild sessions, in which a fifth of the time is busy, after which a tail without a bound finds nothing unusual. */
const BLIND_TRACES = [5, 11, 12].map((seed) => sessions(seed));

function sessions(seed: number): Float64Array {
  return Float64Array.from({ length: 6 * 288 }, (_, i) => {
    if (hash(seed, Math.floor(i / 30)) > 0.2) return 0;
    return Math.round(400_000 * (1 + Math.sin((i / 288) * 2 * Math.PI)) * (0.6 + 0.8 * hash(seed - 1, i)));
  });
}

/** Every bin's score, judged in one go from a start. */
function scoresOf(trace: Float64Array, start = START): BinScore[] {
  const judge = startJudge(newBaseline(start));
  return Array.from(trace, (requests, i) => {
    const out = newBinScore();
    judgeBin(judge, start + i, requests, out);
    return out;
  });
}

const stored = (baseline: Baseline): Baseline => {
  const decoded = decodeBaseline(encodeBaseline(baseline));
  if (decoded.kind !== 'ok') throw new Error(decoded.kind);
  return decoded.baseline;
};

// A whole history is replayed for each example; on a busy machine that takes its time.
const PATIENT = 60_000;

describe('judging', { timeout: PATIENT }, () => {
  it('gives numbers that are never negative and never NaN', () => {
    fc.assert(
      fc.property(aTrace, (trace) => {
        for (const score of scoresOf(trace)) {
          const numbers = [
            score.score,
            score.aboveScore,
            score.expected,
            score.hourSum,
            score.usualHour,
            score.windowRequests,
            score.reference,
            score.ratio,
          ];
          expect(numbers.every((value) => value >= 0)).toBe(true);
        }
      }),
      { numRuns: 12 },
    );
  });

  it('does not depend on which week it is', () => {
    fc.assert(
      fc.property(aTrace, fc.integer({ min: 1, max: 60 }), (trace, weeks) => {
        const shifted = scoresOf(trace, START + weeks * 6 * BINS_PER_WEEK);

        expect(shifted.map(({ score }) => score)).toEqual(scoresOf(trace).map(({ score }) => score));
      }),
      { numRuns: 8 },
    );
  });

  it('never scores a bin lower for more requests in it', () => {
    fc.assert(
      fc.property(
        aTrace,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 1_000_000 }),
        (trace, at, more) => {
          const bin = Math.floor(at * (trace.length - 1));
          fc.pre(!Number.isNaN(trace[bin]));
          const raised = trace.slice(0, bin + 1);
          raised[bin] = (raised[bin] ?? 0) + more;

          expect(scoresOf(raised).at(-1)?.score).toBeGreaterThanOrEqual(
            scoresOf(trace.slice(0, bin + 1)).at(-1)?.score ?? 0,
          );
        },
      ),
      { numRuns: 25 },
    );
  });

  it('comes to the same scores from a baseline that was stored after any hour', () => {
    fc.assert(
      fc.property(aTrace, fc.double({ min: 0, max: 1, noNaN: true }), (trace, at) => {
        const whole = scoresOf(trace);
        const through = hourOfBin(START) + Math.floor((at * trace.length) / BINS_PER_HOUR);
        const learned = newBaseline(START);
        learnThrough(learned, through, (hour) => {
          const first = (hour - hourOfBin(START)) * BINS_PER_HOUR;
          return trace.subarray(first, first + BINS_PER_HOUR);
        });

        const judge = startJudge(stored(learned));
        const out = newBinScore();
        for (let bin = through * BINS_PER_HOUR; bin < START + trace.length; bin++) {
          judgeBin(judge, bin, trace[bin - START] ?? 0, out);
          if (learnedThroughFor(bin) >= through) expect(out).toEqual(whole[bin - START]);
        }
      }),
      { numRuns: 12 },
    );
  });

  it('has a band whose upper edge is the decision itself', () => {
    const threshold = 1.7;
    fc.assert(
      fc.property(aTrace, (trace) => {
        const judge = startJudge(newBaseline(START));
        const out = newBinScore();
        for (const [i, requests] of trace.entries()) judgeBin(judge, START + i, requests, out);
        const upper = upperFor(judge, threshold);

        const at = (requests: number) => {
          const again = startJudge(newBaseline(START));
          for (const [i, value] of trace.entries())
            judgeBin(again, START + i, i === trace.length - 1 ? requests : value, out);
          return out.score >= threshold && out.aboveFloor;
        };
        // Requests are kept as 32-bit floats: seven digits.
        const margin = 1 + upper * 1e-6;
        if (upper > MOST_REQUESTS) expect(at(MOST_REQUESTS)).toBe(false);
        else {
          expect(at(upper + margin)).toBe(true);
          if (upper > margin) expect(at(upper - 2 * margin)).toBe(false);
        }
      }),
      { numRuns: 8, examples: BLIND_TRACES.map((trace) => [trace]) },
    );
  });

  it('can tell of every series, if only it makes requests enough', () => {
    for (const trace of BLIND_TRACES) {
      const scores = scoresOf(Float64Array.of(...trace, MOST_REQUESTS));

      expect(scores.at(-1)?.score).toBeGreaterThanOrEqual(1.7);
    }
  });
});

describe('a stored baseline', { timeout: PATIENT }, () => {
  it('is the same when it is read again, and takes at most 4 KB', () => {
    fc.assert(
      fc.property(aTrace, (trace) => {
        const judge = startJudge(newBaseline(START));
        const out = newBinScore();
        for (const [i, requests] of trace.entries()) judgeBin(judge, START + i, requests, out);

        expect(stored(judge.baseline)).toEqual(judge.baseline);
        expect(cloneBaseline(judge.baseline)).toEqual(judge.baseline);
        expect(encodeBaseline(judge.baseline).length).toBeLessThanOrEqual(4096);
      }),
      { numRuns: 10 },
    );
  });

  it('is refused by name when its bytes are of another version or cut', () => {
    const bytes = encodeBaseline(newBaseline(START));

    expect(decodeBaseline(Uint8Array.of(250, ...bytes.slice(1)))).toEqual({
      kind: 'unknownVersion',
      version: 250,
    });
    expect(decodeBaseline(bytes.subarray(0, bytes.length - 1)).kind).toBe('corrupt');
    expect(decodeBaseline(new Uint8Array(0)).kind).toBe('corrupt');
  });
});

describe('a quarantine', () => {
  it('keeps a storm from raising what is usual while it lasts', () => {
    const quiet = Float64Array.from({ length: 30 * 288 }, (_, i) => 900 + (i % 13) * 10);
    const judge = startJudge(newBaseline(START));
    const out = newBinScore();
    for (const [i, requests] of quiet.entries()) judgeBin(judge, START + i, requests, out);
    const before = upperFor(judge, 1.7);

    for (let i = 0; i < 40 * BINS_PER_HOUR; i++) {
      judgeBin(judge, START + quiet.length + i, 60_000, out);
      expect(out.aboveScore).toBeGreaterThan(1.7);
    }

    judgeBin(judge, START + quiet.length + 40 * BINS_PER_HOUR, 900, out);
    expect(out.quarantined).toBe(true);
    expect(out.expected).toBeLessThan(1_200);
    expect(before).toBeLessThan(10_000);
  });
});
