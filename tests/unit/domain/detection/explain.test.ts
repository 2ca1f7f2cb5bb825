import { describe, expect, it } from 'vitest';
import { newBaseline } from '../../../../shared/domain/detection/baseline.ts';
import { examineWindows, explain } from '../../../../shared/domain/detection/explain.ts';
import { judgeBin, newBinScore, startJudge } from '../../../../shared/domain/detection/judge.ts';
import { SENSITIVITY_LEVELS, thresholdFor } from '../../../../shared/domain/detection/sensitivity.ts';

/** A Monday at midnight, in bins. */
const MONDAY = 2480 * 2016;
const THRESHOLD = thresholdFor(SENSITIVITY_LEVELS.normal);

/** A series of 300 requests a bin for `days`, and then these bins. */
function afterQuiet(days: number, ...last: number[]) {
  const judge = startJudge(newBaseline(MONDAY));
  const score = newBinScore();
  const quiet = Array.from({ length: days * 288 }, (_, i) => 300 + (i % 7));
  for (const [i, requests] of [...quiet, ...last].entries()) judgeBin(judge, MONDAY + i, requests, score);
  return { judge, score, why: explain(score, THRESHOLD) };
}

describe('why a bin is told', () => {
  it('names the window, what it held, and what it was compared with', () => {
    const { why } = afterQuiet(28, 60_000);

    expect(why.stoppedBy).toBeUndefined();
    expect(why.gates.every(({ passed }) => passed)).toBe(true);
    expect(why.sentence).toMatch(
      /^the last (5|60) minutes hold [\d,]+ requests; no (5 minutes|hour) of the last six weeks held more than [\d,]+ requests$/,
    );
  });

  it('shows all four windows with their records, of which the long ones have not gone beyond', () => {
    const { judge } = afterQuiet(28, 60_000);

    const windows = examineWindows(judge);

    expect(windows.map(({ windowSeconds }) => windowSeconds)).toEqual([300, 3600, 21_600, 86_400]);
    expect(windows[0]).toMatchObject({ requests: 60_000, goingOn: true });
    expect(windows[0]?.record).toBeCloseTo(306, -1);
    expect(windows[0]?.score).toBeGreaterThan(THRESHOLD);
    expect(windows[1]?.requests).toBeGreaterThan(60_000);
  });
});

describe('why a bin is not told', () => {
  it.each([
    ['the usual', 28, [303], 'floor', /^fewer than 500 requests above the usual [\d,]+ requests an hour/],
    ['what nobody knows', 28, [Number.NaN], 'known', /^CloudWatch has told nothing/],
    [
      'a series of the same day',
      0,
      Array(6).fill(200),
      'history',
      /^the series is 0 hours old; .* after 12$/,
    ],
  ])('%s', (_, days, last, gate, sentence) => {
    const { why } = afterQuiet(days, ...last);

    expect(why.stoppedBy).toBe(gate);
    expect(why.gates.find(({ passed }) => !passed)?.name).toBe(gate);
    expect(why.sentence).toMatch(sentence);
  });

  it('what the series does now and then, although it is far above the floor', () => {
    const judge = startJudge(newBaseline(MONDAY));
    const score = newBinScore();
    for (let i = 0; i < 28 * 288 + 150; i++) {
      const isJob = i % 288 >= 144 && i % 288 < 156;
      judgeBin(judge, MONDAY + i, isJob ? 40_000 + (i % 11) * 500 : 10, score);
    }

    expect(explain(score, THRESHOLD)).toMatchObject({
      stoppedBy: 'surprise',
      sentence: expect.stringMatching(/no more than this series does now and then$/),
    });
  });

  it('a level that has lasted, as long as nothing comes on top', () => {
    const judge = startJudge(newBaseline(MONDAY));
    const score = newBinScore();
    const level = (i: number) => (i < 28 * 288 ? 300 : 6000) + (i % 7);
    for (let i = 0; i < 31 * 288; i++) judgeBin(judge, MONDAY + i, level(i), score);

    expect(explain(score, THRESHOLD)).toMatchObject({ stoppedBy: 'onTop' });
    expect(explain(score, THRESHOLD).sentence).toMatch(
      /no more than the level that has lasted for two days$/,
    );

    judgeBin(judge, MONDAY + 31 * 288, 90_000, score);
    expect(explain(score, THRESHOLD).stoppedBy).toBeUndefined();
  });
});
