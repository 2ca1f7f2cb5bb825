import { describe, expect, it } from 'vitest';
import { advance } from '../../../../shared/domain/incident/advance.ts';
import type { IncidentRecord } from '../../../../shared/domain/incident/notification.ts';
import type { Observation } from '../../../../shared/domain/incident/observation.ts';
import { planMessages } from '../../../../shared/domain/incident/plan-messages.ts';
import { anObservation, breachingBin, KEY } from '../../../support/an-observation.ts';

const AUDIENCES = [{ receiver: 'slack', admits: () => true }];
const DAY_BINS = 288;

/** Why people heard of a key, bin by bin, by one run for each bin, as `reason@bin`. */
function toldOf(bins: readonly Observation[]): string[] {
  let record: IncidentRecord | undefined;
  const told: string[] = [];
  for (const observed of bins) {
    const advanced = advance(KEY, record?.incident, [observed], observed.bin + 1);
    const before = record?.notified ?? 0;
    record = planMessages(record, advanced, observed, AUDIENCES, false, observed.bin * 300);
    for (const { number, reason } of record?.notifications ?? [])
      if (number > before) told.push(`${reason}@${observed.bin}`);
  }
  return told;
}

describe('trouble that comes and goes', () => {
  it('is told twice in its first day, and daily from then on', () => {
    const flapping = Array.from({ length: DAY_BINS }, (_, bin) =>
      bin % 18 < 4 ? breachingBin(bin) : anObservation(bin),
    );

    expect(toldOf(flapping)).toEqual(['opened@0', 'escalated@18']);
  });

  it('is reminded of after four hours, twelve and a day while it has not paused', () => {
    const lasting = Array.from({ length: DAY_BINS + 1 }, (_, bin) => breachingBin(bin));

    expect(toldOf(lasting)).toEqual(['opened@0', 'reminder@48', 'reminder@192']);
  });
});
