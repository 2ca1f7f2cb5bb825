import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallerSource } from '../../shared/app/ports.ts';
import type { CallerSample, Callers } from '../../shared/domain/callers/callers.ts';
import type { KeyArn } from '../../shared/domain/usage/key.ts';
import { aKeyArn } from '../support/keys.ts';
import type { Opened } from './opened.ts';

/** Tuesday, 24 November 2026, 12:00 UTC: the clock of the tests stands here. */
export const NOON = Date.UTC(2026, 10, 24, 12) / 1000;

/** A call to record. */
export interface NewCall {
  readonly at: number;
  readonly role: string;
  readonly operation?: string;
  readonly errorCode?: string;
  readonly encryptionContext?: Readonly<Record<string, string>>;
}

/** A caller source and the event history behind it. */
export interface OpenedCallerSource extends Opened<CallerSource> {
  record(keyArn: KeyArn, calls: readonly NewCall[]): void;
}

const KEY = aKeyArn(1);
const FROM = NOON - 3600;
const TO = NOON - 600;

/** The sample; fails the test if there is none. */
export function sampleIn(callers: Callers): CallerSample {
  if (callers.kind === 'unknown') throw new Error(`no sample: ${callers.why}`);
  return callers.sample;
}

/** What every caller source does. */
export function describeCallerSource(name: string, open: () => Promise<OpenedCallerSource>): void {
  describe(`${name} as a caller source`, () => {
    let opened: OpenedCallerSource;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    const ask = () => opened.store.callersOf({ keyArn: KEY, from: FROM, to: TO, deadline: NOON + 60 });

    it('says who called, how often, when, and what for', async () => {
      const lake = { 'aws:s3:arn': 'arn:aws:s3:::lake/part-1' };
      opened.record(KEY, [
        { at: FROM + 10, role: 'etl', encryptionContext: lake },
        { at: FROM + 20, role: 'etl', encryptionContext: lake },
        { at: FROM + 30, role: 'etl', operation: 'GenerateDataKey' },
        { at: FROM + 40, role: 'report' },
      ]);

      const sample = sampleIn(await ask());

      expect(sample).toMatchObject({
        events: 4,
        from: FROM + 10,
        to: FROM + 40,
        operations: { Decrypt: 3, GenerateDataKey: 1 },
        refused: {},
      });
      expect(sample.callers.map(({ name: who, arn, share }) => [who, arn, share])).toEqual([
        ['role/etl', 'arn:aws:iam::111122223333:role/etl', 0.75],
        ['role/report', 'arn:aws:iam::111122223333:role/report', 0.25],
      ]);
      expect(sample.purposes).toMatchObject([
        { context: 'aws:s3:arn', value: 'arn:aws:s3:::lake', events: 2, share: 0.5, distinct: 1 },
      ]);
    });

    it('reads from the first second to before the last', async () => {
      const at = [FROM - 1, FROM, TO - 1, TO];
      opened.record(
        KEY,
        at.map((time) => ({ at: time, role: 'etl' })),
      );

      expect(sampleIn(await ask())).toMatchObject({ events: 2, from: FROM, to: TO - 1 });
    });

    it('counts refused calls apart', async () => {
      opened.record(KEY, [
        { at: FROM + 1, role: 'etl' },
        { at: FROM + 2, role: 'intruder', errorCode: 'AccessDenied' },
      ]);

      const sample = sampleIn(await ask());

      expect([sample.events, sample.refused]).toEqual([1, { AccessDenied: 1 }]);
      expect(sample.callers.map(({ name: who }) => who)).toEqual(['role/etl']);
    });

    it('tells the keys apart, and leaves out what only manages the key', async () => {
      opened.record(aKeyArn(2), [{ at: FROM + 1, role: 'other' }]);
      opened.record(KEY, [
        { at: FROM + 1, role: 'etl' },
        { at: FROM + 2, role: 'auditor', operation: 'DescribeKey' },
      ]);

      expect(sampleIn(await ask()).callers.map(({ name: who }) => who)).toEqual(['role/etl']);
    });

    it('hopes for later while there is nothing yet', async () => {
      opened.record(KEY, [{ at: TO + 100, role: 'etl' }]);

      expect(await ask()).toEqual({
        kind: 'unknown',
        why: 'CloudTrail shows no use of the key yet: its events come minutes late',
        mayCome: true,
      });
    });
  });
}
