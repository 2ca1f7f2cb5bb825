import { describe, expect, it } from 'vitest';
import { newBaseline } from '../../../../shared/domain/detection/baseline.ts';
import { advanceQuarantine } from '../../../../shared/domain/detection/quarantine.ts';
import { SENSITIVITY_LEVELS, thresholdFor } from '../../../../shared/domain/detection/sensitivity.ts';

describe('the sensitivity', () => {
  it('is a number of false alerts, turned into the surprise that is as rare', () => {
    // 100 keys of two series make 10,436 series-weeks a year: 200 alerts are one in 52 of them.
    expect(thresholdFor(200)).toBeCloseTo(Math.log10(10_436 / 200), 3);
  });

  it('asks for one more point of surprise for a tenth of the alerts', () => {
    expect(thresholdFor(20) - thresholdFor(200)).toBeCloseTo(1, 9);
  });

  it('has levels that ask for less surprise the more eager they are', () => {
    const { quiet, normal, eager } = SENSITIVITY_LEVELS;

    expect(thresholdFor(quiet)).toBeGreaterThan(thresholdFor(normal));
    expect(thresholdFor(normal)).toBeGreaterThan(thresholdFor(eager));
  });

  it('never tells of an hour that is learned as normal', () => {
    const score = thresholdFor(Math.max(...Object.values(SENSITIVITY_LEVELS)));

    expect(advanceQuarantine(newBaseline(0), score, score, true)).toBe('unusual');
  });
});
