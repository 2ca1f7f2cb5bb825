import { describe, expect, it } from 'vitest';
import { HELD_BY_BUDGET } from '../../../../shared/domain/incident/alert-budget.ts';
import type { Delivery, Told } from '../../../../shared/domain/incident/delivery.ts';
import { receiverTroubles } from '../../../../shared/domain/incident/receiver-trouble.ts';

const NOW = 1_795_600_000;
const HOUR = 3600;

const told = (plannedAt: number, over: Partial<Delivery>): Told => ({
  at: plannedAt,
  deliveries: [
    {
      receiver: 'slack',
      status: 'pending',
      attempts: 4,
      nextAttemptAt: NOW + 600,
      reason: 'HTTP 404',
      ...over,
    },
  ],
});

describe('a receiver', () => {
  it.each<[string, Told[], unknown[]]>([
    ['works that has taken everything', [told(NOW - HOUR, { status: 'sent' })], []],
    ['is not dead for one bad moment', [told(NOW - HOUR + 1, {})], []],
    [
      'is dead that has refused for an hour',
      [told(NOW - HOUR, {}), told(NOW - 2 * HOUR, {}), told(NOW - 60, {})],
      [{ receiver: 'slack', since: NOW - 2 * HOUR, reason: 'HTTP 404', waiting: 2, lost: 0 }],
    ],
    [
      'is dead that nobody has heard for an hour',
      [told(NOW - HOUR, { receiver: 'sns', status: 'noAudience', reason: 'nobody' })],
      [{ receiver: 'sns', since: NOW - HOUR, reason: 'nobody', waiting: 1, lost: 0 }],
    ],
    [
      'is dead for a day after a message was given up',
      [told(NOW - 30 * HOUR, { status: 'gaveUp', nextAttemptAt: NOW - 6 * HOUR })],
      [{ receiver: 'slack', since: NOW - 30 * HOUR, reason: 'HTTP 404', waiting: 0, lost: 1 }],
    ],
    [
      'is forgiven after that day',
      [told(NOW - 50 * HOUR, { status: 'gaveUp', nextAttemptAt: NOW - 25 * HOUR })],
      [],
    ],
    ['is not dead because it waits for its first attempt', [told(NOW - 2 * HOUR, { attempts: 0 })], []],
    ['is not dead because its budget is spent', [told(NOW - 2 * HOUR, { reason: HELD_BY_BUDGET })], []],
    ['is not what waits for the digest', [told(NOW - 9 * HOUR, { receiver: 'digest' })], []],
  ])('%s', (_, messages, expected) => {
    expect(receiverTroubles(messages, NOW)).toEqual(expected);
  });
});
