import { describe, expect, it } from 'vitest';
import {
  earlierReference,
  type IncidentRecord,
  type Notification,
  recordAttempt,
} from '../../../../shared/domain/incident/notification.ts';
import { anIncident, someFacts } from '../../../support/a-message.ts';

const CURRENT = anIncident();
const FORMER = anIncident({ openedBin: CURRENT.openedBin - 500 });

const aNotification = (number: number, incident = CURRENT): Notification => ({
  number,
  reason: 'opened',
  incident,
  severity: 'page',
  at: 1000,
  facts: someFacts(),
  deliveries: [{ receiver: 'slack', status: 'pending', attempts: 0, nextAttemptAt: 1000 }],
});

/** An incident that still has to tell of the one before it. */
const RECORD: IncidentRecord = {
  incident: CURRENT,
  notifications: [aNotification(1, FORMER), aNotification(2)],
  notified: 2,
  lastNotifiedAt: 1000,
  reminders: 0,
  audience: ['slack'],
};

const sentWith = (number: number, reference: string) =>
  recordAttempt(RECORD, number, 'slack', { kind: 'sent', proof: 'ok', reference }, 1000);

describe('the reference of a message', () => {
  it('is kept for later messages of the incident, by receiver', () => {
    const record = sentWith(2, 'C1 1.1');

    expect(record.references).toEqual({ slack: 'C1 1.1' });
    expect(earlierReference(record, aNotification(3), 'slack')).toBe('C1 1.1');
    expect(earlierReference(record, aNotification(3), 'sns')).toBeUndefined();
  });

  it('of a former incident is neither kept nor given a message of this one', () => {
    expect(sentWith(1, 'C1 0.1')).not.toHaveProperty('references');
    expect(earlierReference(sentWith(2, 'C1 1.1'), aNotification(1, FORMER), 'slack')).toBeUndefined();
  });

  it('is bounded, and replaced by a newer one', () => {
    expect(sentWith(2, 'x'.repeat(201))).not.toHaveProperty('references');
    const again = recordAttempt(
      sentWith(2, 'C1 1.1'),
      2,
      'slack',
      { kind: 'sent', proof: 'ok', reference: 'C1 2.2' },
      1000,
    );
    expect(again.references).toEqual({ slack: 'C1 2.2' });
  });
});
