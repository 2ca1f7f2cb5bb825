import { describe, expect, it } from 'vitest';
import { gatherEvidence, settingsFor } from '../../../bench/detection/evidence.ts';
import { tellerOf } from '../../../bench/detection/tell.ts';
import { tune } from '../../../bench/detection/tune.ts';
import { simulate } from '../../../bench/detection/world/account.ts';
import { dollarAccount } from '../../../bench/detection/world/plans.ts';
import { thresholdFor } from '../../../shared/domain/detection/sensitivity.ts';
import { parsePolicy } from '../../../shared/policy-document.ts';

const policy = parsePolicy(undefined, { sensitivity: 200, pageUsdPerHour: 1, noticeUsdPerHour: 0.02 });

describe('what people would be told by scores', () => {
  it('is what the product itself tells, given its own scores', { timeout: 60_000 }, () => {
    const { recording, judgeFromBin } = simulate({
      ...dollarAccount(3, 10),
      weeks: 6,
      trainingWeeks: 4,
      runawayShare: 1,
    });
    const settings = settingsFor(recording, policy, judgeFromBin);
    const evidence = gatherEvidence(recording, settings);
    const scores = evidence.series.map(({ score }) => score);

    const told = tellerOf(recording, settings, evidence, scores)(thresholdFor(policy.defaults.sensitivity));

    const times = (alerts: readonly { at: number; keyArns: readonly string[] }[]) =>
      alerts.map(({ at, keyArns }) => `${at} ${keyArns.toSorted().join(' ')}`).toSorted();
    const openings = evidence.messages.filter(({ kind }) => ['opened', 'escalated', 'group'].includes(kind));
    expect(openings.length).toBeGreaterThan(2);
    expect(times(told)).toEqual(times(openings));
  });
});

describe('tuning', () => {
  it('finds the lowest threshold within three false notices a week per 1,000 series', () => {
    const judge = (threshold: number) => ({
      outcomes: [],
      falseNotices: threshold < 40 ? 7 : 6,
      falsePages: 0,
      messages: 0,
      busiestDay: 0,
      kiloSeriesWeeks: 2,
    });

    expect(tune([judge])).toBeCloseTo(40, 2);
  });
});
