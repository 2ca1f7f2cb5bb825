import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storedRecord } from '../../shared/adapters/aws/stored-incident.ts';
import { parseItem, storable } from '../../shared/adapters/aws/stored-item.ts';
import { storedReport } from '../../shared/adapters/aws/stored-report.ts';
import type { Incident, IncidentFacts } from '../../shared/domain/incident/incident.ts';
import type { IncidentRecord, Notification } from '../../shared/domain/incident/notification.ts';
import { aKeyArn } from '../support/keys.ts';

/** Any number that arithmetic may leave behind; DynamoDB has no negative zero and nothing below 1e-130. */
const aNumber = fc.double().map((value) => (Math.abs(value) < 1e-100 ? 0 : value));
const anInteger = fc.integer();
const aText = fc.string({ unit: 'grapheme', maxLength: 40 });
const texts = fc.array(aText, { maxLength: 5 });
const aKey = fc.nat(1000).map((n) => aKeyArn(n));
const severity = fc.constantFrom('page' as const, 'notice' as const, 'digest' as const);

const someOf = <T, K extends keyof T>(shape: { [P in keyof T]: fc.Arbitrary<T[P]> }, optional: K[]) =>
  fc.record<T, keyof T>(shape, {
    requiredKeys: (Object.keys(shape) as (keyof T)[]).filter((key) => !optional.includes(key as K)),
  }) as fc.Arbitrary<Omit<T, K> & Partial<Pick<T, K>>>;

const anIncident: fc.Arbitrary<Incident> = someOf(
  {
    id: aText,
    keyArn: aKey,
    status: fc.constantFrom('open' as const, 'resolved' as const),
    severity,
    operations: texts,
    openedBin: anInteger,
    lastTransitionBin: anInteger,
    sequence: anInteger,
    standingBin: anInteger,
    endedBin: anInteger,
    reopenings: anInteger,
    ackedBy: aText,
    tally: someOf(
      {
        throughBin: anInteger,
        lastAboveBin: anInteger,
        lastBreachingBin: anInteger,
        quietBins: anInteger,
        resumedBin: anInteger,
        excessRequests: aNumber,
        excessUsd: aNumber,
        peakRatio: aNumber,
        peakUsdPerHour: aNumber,
        unbrokenSinceBin: anInteger,
      },
      ['resumedBin', 'unbrokenSinceBin'],
    ),
  },
  ['standingBin', 'endedBin', 'reopenings', 'ackedBy'],
);

const someFacts: fc.Arbitrary<IncidentFacts> = someOf(
  {
    bin: anInteger,
    operations: fc.array(
      fc.record({
        operation: aText,
        windowSeconds: anInteger,
        requests: aNumber,
        expected: aNumber,
        reason: aText,
      }),
      { maxLength: 3 },
    ),
    thresholds: fc.array(
      fc.record({ name: aText, periodSeconds: anInteger, requests: aNumber, usd: aNumber }),
      { maxLength: 2 },
    ),
    isBack: fc.constant(true as const),
    standing: fc.boolean(),
    ratio: aNumber,
    usdPerHour: aNumber,
    usdPerHourHigh: aNumber,
    excessUsd: aNumber,
    excessRequests: aNumber,
    quotaShare: aNumber,
    regionQuotaShare: aNumber,
    minutesToThrottling: aNumber,
    quotaPerSecond: aNumber,
    assumed: texts,
    recent: fc.array(aNumber, { maxLength: 36 }),
  },
  ['minutesToThrottling', 'isBack'],
);

const aDelivery = someOf(
  {
    receiver: aText,
    status: fc.constantFrom('pending', 'sent', 'noAudience', 'gaveUp', 'muted'),
    attempts: anInteger,
    nextAttemptAt: anInteger,
    proof: aText,
    reason: aText,
  },
  ['proof', 'reason'],
);

const aRecord: fc.Arbitrary<IncidentRecord> = someOf<IncidentRecord, 'heldBack' | 'references' | 'insight'>(
  {
    incident: anIncident,
    notifications: fc.array(
      someOf<Notification, 'mutedSince'>(
        {
          number: anInteger,
          mutedSince: anInteger,
          reason: fc.constantFrom('opened', 'escalated', 'updated', 'reminder', 'acknowledged', 'resolved'),
          incident: anIncident,
          severity,
          at: anInteger,
          facts: someFacts,
          deliveries: fc.array(aDelivery, { maxLength: 4 }),
        },
        ['mutedSince'],
      ),
      { maxLength: 4 },
    ),
    notified: anInteger,
    lastNotifiedAt: anInteger,
    reminders: anInteger,
    audience: texts,
    references: fc.dictionary(fc.constantFrom('slack', 'pagerduty', 'sns'), aText),
    insight: fc.record({
      at: anInteger,
      callers: fc.record({ kind: fc.constant('unknown' as const), why: aText, mayCome: fc.boolean() }),
      causes: fc.array(
        fc.record({
          id: aText,
          title: aText,
          certainty: fc.constantFrom('likely', 'possible'),
          because: texts,
          fix: aText,
          source: aText,
        }),
        { maxLength: 3 },
      ),
    }),
    heldBack: fc.record({
      since: anInteger,
      reason: fc.constantFrom('opened', 'escalated', 'updated'),
      receivers: texts,
    }),
  },
  ['heldBack', 'references', 'insight'],
);

/** Every number in a value. */
const numbersIn = (value: unknown): number[] => {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
};

describe('a stored incident record', () => {
  it('is read as it was written, whatever it says', () => {
    fc.assert(
      fc.property(aRecord, (record) => {
        expect(parseItem(storedRecord, storable(record))).toEqual({ kind: 'ok', value: record });
      }),
      { numRuns: 200 },
    );
  });

  it('holds only numbers that DynamoDB has', () => {
    fc.assert(
      fc.property(aRecord, (record) => {
        for (const number of numbersIn(storable(record))) expect(Number.isFinite(number)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe('whatever lies in the table', () => {
  it('is read or named, never thrown', () => {
    fc.assert(
      fc.property(fc.anything(), (item) => {
        for (const schema of [storedRecord, storedReport]) {
          expect(parseItem<unknown>(schema, item)).toEqual({
            kind: 'unreadable',
            reason: expect.any(String),
          });
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is named when a single field of a record is broken', () => {
    fc.assert(
      fc.property(
        aRecord,
        fc.constantFrom('incident', 'notified', 'audience', 'notifications'),
        (record, field) => {
          const broken = { ...(storable(record) as IncidentRecord), [field]: Symbol('broken') };

          const parsed = parseItem(storedRecord, broken);

          expect(parsed).toEqual({
            kind: 'unreadable',
            reason: expect.stringMatching(new RegExp(`^${field}: expected`)),
          });
        },
      ),
      { numRuns: 30 },
    );
  });
});
