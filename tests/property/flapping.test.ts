import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance } from '../../shared/domain/incident/advance.ts';
import { hasEnded } from '../../shared/domain/incident/delivery.ts';
import {
  type IncidentRecord,
  type NotifyReason,
  recordAttempt,
} from '../../shared/domain/incident/notification.ts';
import type { Observation } from '../../shared/domain/incident/observation.ts';
import { planMessages } from '../../shared/domain/incident/plan-messages.ts';
import type { Severity } from '../../shared/domain/policy.ts';
import { BINS_PER_DAY, type Bin, binEnd } from '../../shared/domain/usage/time.ts';
import { anObservation, breachingBin, KEY } from '../support/an-observation.ts';

const FIRST: Bin = 1000;
const SETTLE_SECONDS = 180;
const FINAL_LAG = 6;

/** A stretch over the threshold, shorter than the first reminder's four hours, and the pause after it. */
const aFlap = fc.record({
  bins: fc.integer({ min: 1, max: 40 }),
  severity: fc.constantFrom<Severity>('digest', 'notice', 'page'),
  pause: fc.integer({ min: FINAL_LAG + 1, max: 130 }),
});

type Flap = typeof aFlap extends fc.Arbitrary<infer T> ? T : never;

/** A day of it, and two days of quiet. */
function dayOf(flaps: readonly Flap[]): Observation[] {
  const bins: Observation[] = [];
  const next = () => FIRST + bins.length;
  for (const { bins: length, severity, pause } of flaps) {
    for (let i = 0; i < length; i++) bins.push(breachingBin(next(), { severity }));
    for (let i = 0; i < pause; i++) bins.push(anObservation(next()));
  }
  bins.length = Math.min(bins.length, BINS_PER_DAY);
  while (bins.length < 3 * BINS_PER_DAY) bins.push(anObservation(next()));
  return bins;
}

/** What a receiver is told, and when, by a run after each bin whose messages all arrive. */
function heard(bins: readonly Observation[], admits: (severity: Severity) => boolean) {
  const told: { readonly bin: Bin; readonly reason: NotifyReason }[] = [];
  let record: IncidentRecord | undefined;
  for (const [index, newest] of bins.entries()) {
    const at = binEnd(newest.bin) + SETTLE_SECONDS;
    const seen = bins.slice(Math.max(0, index - 20), index + 1);
    const known = record?.incident;
    const advanced = advance(KEY, known, seen, newest.bin - FINAL_LAG + 1);
    record = planMessages(record, advanced, newest, [{ receiver: 'slack', admits }], false, at);
    for (const { number, reason, deliveries } of record?.notifications ?? []) {
      if (!record || deliveries.every(hasEnded)) continue;
      told.push({ bin: newest.bin, reason });
      record = recordAttempt(record, number, 'slack', { kind: 'sent', proof: `${number}` }, at);
    }
  }
  return { told, record };
}

const isAside = ({ reason }: { readonly reason: NotifyReason }) => reason === 'escalated';

describe('use that crosses its threshold again and again for a day', () => {
  it.each<[string, (severity: Severity) => boolean]>([
    ['all that is told at once', (severity) => severity !== 'digest'],
    ['pages only', (severity) => severity === 'page'],
  ])('is at most three messages in any day, escalations aside, to who hears %s', (_, admits) => {
    fc.assert(
      fc.property(fc.array(aFlap, { minLength: 4, maxLength: 40 }), (flaps) => {
        const { told } = heard(dayOf(flaps), admits);

        const counted = told.filter((one) => !isAside(one));
        for (const { bin } of counted) {
          const inDay = counted.filter((one) => one.bin >= bin && one.bin < bin + BINS_PER_DAY);
          expect(inDay.map(({ reason }) => reason).length).toBeLessThanOrEqual(3);
        }
        // Whoever has heard of it is told of its end at last.
        expect(told.at(-1)?.reason ?? 'resolved').toBe('resolved');
      }),
      { numRuns: 60 },
    );
  });
});
