import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance } from '../../shared/domain/incident/advance.ts';
import { isPending } from '../../shared/domain/incident/delivery.ts';
import { type IncidentRecord, recordAttempt } from '../../shared/domain/incident/notification.ts';
import type { Observation } from '../../shared/domain/incident/observation.ts';
import { planMessages } from '../../shared/domain/incident/plan-messages.ts';
import { binEnd } from '../../shared/domain/usage/time.ts';
import { anObservation, breachingBin, KEY } from '../support/an-observation.ts';

const RECEIVERS = ['pager', 'slack'];

/** The pager hears pages only. */
const AUDIENCES = [
  { receiver: 'pager', admits: (severity: string) => severity === 'page' },
  { receiver: 'slack', admits: (severity: string) => severity !== 'digest' },
];

const observationOf = (kind: 'calm' | 'notice' | 'page' | 'digest', bin: number): Observation =>
  kind === 'calm' ? anObservation(bin) : breachingBin(bin, { severity: kind });

/** Stretches of one kind of use, each muted or not, delivered by receivers that work or fail. */
const stretches = fc.array(
  fc.record({
    kind: fc.constantFrom('calm', 'calm', 'notice', 'page', 'digest'),
    bins: fc.integer({ min: 1, max: 60 }),
    muted: fc.boolean(),
    failing: fc.constantFrom([], ['slack'], RECEIVERS),
  }),
  { minLength: 1, maxLength: 12 },
);

type Told = {
  readonly receiver: string;
  readonly reason: string;
  readonly muted: boolean;
  readonly bin: number;
};

/** One run for each bin through plan and delivery. */
function play(all: typeof stretches extends fc.Arbitrary<infer T> ? T : never) {
  const told: Told[] = [];
  let record: IncidentRecord | undefined;
  let bin = 100;
  let pendingWhileMuted = 0;
  for (const { kind, bins, muted, failing } of all) {
    for (let i = 0; i < bins; i++, bin++) {
      const at = binEnd(bin) + 180;
      const observed = observationOf(kind, bin);
      const advanced = advance(KEY, record?.incident, [observed], bin + 1);
      record = planMessages(record, advanced, observed, AUDIENCES, muted, at);
      if (muted) pendingWhileMuted += record?.notifications.filter(isPending).length ?? 0;
      for (const { number, reason, deliveries } of record?.notifications ?? []) {
        for (const { receiver, status } of deliveries) {
          if (!record || status !== 'pending' || failing.includes(receiver)) continue;
          told.push({ receiver, reason, muted, bin });
          record = recordAttempt(record, number, receiver, { kind: 'sent', proof: 'ok' }, at);
        }
      }
    }
  }
  return { told, record, pendingWhileMuted };
}

describe('whatever happens, mutes and failing receivers included', () => {
  it('nothing is sent while it is muted', () => {
    fc.assert(
      fc.property(stretches, (all) => {
        const { told, pendingWhileMuted } = play(all);

        expect(pendingWhileMuted).toBe(0);
        expect(told.filter(({ muted }) => muted)).toEqual([]);
      }),
    );
  });

  it('nobody hears of an end who has not heard of a beginning, nor twice of either', () => {
    fc.assert(
      fc.property(stretches, (all) => {
        const { told } = play(all);

        for (const receiver of RECEIVERS) {
          const heard = told.filter((one) => one.receiver === receiver).map(({ reason }) => reason);
          const ends = heard.flatMap((reason, i) => (reason === 'resolved' ? [i] : []));
          expect(heard[0] ?? 'opened').toMatch(/opened|escalated/);
          for (const end of ends.slice(0, -1)) expect(heard[end + 1]).toMatch(/opened|escalated/);
        }
      }),
    );
  });

  it('who should hear of what goes on has heard of it once all work and nothing is muted', () => {
    fc.assert(
      fc.property(stretches, fc.constantFrom('notice' as const, 'page' as const), (all, kind) => {
        const { told, record } = play([...all, { kind, bins: 3, muted: false, failing: [] }]);

        expect(record?.incident.status).toBe('open');
        expect(record?.notifications.filter(isPending)).toEqual([]);
        const expected = AUDIENCES.filter(({ admits }) => admits(kind)).map(({ receiver }) => receiver);
        for (const receiver of expected) {
          const last = told.filter((one) => one.receiver === receiver).at(-1);
          expect(last?.reason).toMatch(/opened|escalated|updated|reminder/);
        }
      }),
    );
  });
});
