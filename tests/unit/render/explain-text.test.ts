import { describe, expect, it } from 'vitest';
import { newBaseline } from '../../../shared/domain/detection/baseline.ts';
import { examineWindows, explain } from '../../../shared/domain/detection/explain.ts';
import { judgeBin, newBinScore, startJudge } from '../../../shared/domain/detection/judge.ts';
import { SENSITIVITY_LEVELS, thresholdFor } from '../../../shared/domain/detection/sensitivity.ts';
import { figureText, gateText, unusualNote } from '../../../shared/render/explain-text.ts';

/** A Monday at midnight, in bins. */
const MONDAY = 2480 * 2016;

/** A series of 300 requests a bin for four weeks, and then this bin. */
function afterQuiet(last: number) {
  const judge = startJudge(newBaseline(MONDAY));
  const score = newBinScore();
  const quiet = Array.from({ length: 28 * 288 }, (_, i) => 300 + (i % 7));
  for (const [i, requests] of [...quiet, last].entries()) judgeBin(judge, MONDAY + i, requests, score);
  const { gates } = explain(score, thresholdFor(SENSITIVITY_LEVELS.normal));
  return { gates, windows: examineWindows(judge) };
}

describe('the conditions as people read them', () => {
  it('have their units, and nothing below zero', () => {
    expect(afterQuiet(0).gates.map(gateText)).toEqual([
      { asks: 'CloudWatch has told the requests', value: 'yes', needed: 'yes' },
      { asks: 'history of its own', value: '672 h', needed: '12 h' },
      { asks: 'requests above the usual', value: '0', needed: '500' },
      { asks: 'how unusual', value: '0', needed: '1.7' },
    ]);
  });

  it('say that a new series passes by its beginning', () => {
    const gate = { name: 'history', passed: true, value: 3, needed: 12 } as const;

    expect(gateText(gate).asks).toBe('history of its own, or a beginning as few have');
    expect(gateText({ ...gate, passed: false }).asks).toBe('history of its own');
  });
});

describe('how unusual a bin is', () => {
  it('is told with why it counts less than the highest window', () => {
    const { gates, windows } = afterQuiet(60_000);

    const counted = gates.find(({ name }) => name === 'surprise')?.value ?? 0;
    const highest = Math.max(...windows.filter(({ goingOn }) => goingOn).map(({ score }) => score));
    expect(unusualNote({ gates, windows })).toBe(
      `How unusual counts as ${figureText(counted)}: the highest of the windows that go on, ${figureText(highest)}, less 0.2, as with four windows to look at, one is high by chance sooner.`,
    );
  });

  it('needs no word where nothing is unusual', () => {
    expect(unusualNote(afterQuiet(303))).toBeUndefined();
  });
});
