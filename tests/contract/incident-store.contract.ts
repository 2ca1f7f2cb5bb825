import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IncidentStore } from '../../shared/app/ports.ts';
import type { Incident } from '../../shared/domain/incident/incident.ts';
import type { IncidentRecord } from '../../shared/domain/incident/notification.ts';
import { MAX_NOTIFICATIONS } from '../../shared/domain/incident/notification.ts';
import { anIncident, NIGHT_BIN, someFacts } from '../support/a-message.ts';
import { aKeyArn } from '../support/keys.ts';
import type { Opened } from './opened.ts';

const KEY = aKeyArn(1);
const OTHER = aKeyArn(2);

/** What every incident store does. */
export function describeIncidentStore(name: string, open: () => Promise<Opened<IncidentStore>>): void {
  describe(`${name} as an incident store`, () => {
    let opened: Opened<IncidentStore>;
    let store: IncidentStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    it('knows no incident at first', async () => {
      expect(await store.loadOpen()).toEqual({ open: [], unreadable: [] });
      expect(await store.closed(KEY, 10)).toEqual([]);
    });

    it('returns a record as it was put, with its version', async () => {
      const record = aRecord();

      const outcome = await store.put(record, 0);

      expect(outcome).toBe('written');
      expect(await store.loadOpen()).toEqual({ open: [{ record, version: 1 }], unreadable: [] });
    });

    it('keeps where receivers have put their messages', async () => {
      const record = aRecord({ references: { slack: 'C0123456789 1795600000.000100' } });

      await store.put(record, 0);

      expect((await store.loadOpen()).open).toEqual([{ record, version: 1 }]);
    });

    it('replaces a record at the version it was read at', async () => {
      const acked = aRecord({ incident: anIncident({ keyArn: KEY, ackedBy: 'ada' }), reminders: 2 });
      await store.put(aRecord(), 0);

      const outcome = await store.put(acked, 1);

      expect(outcome).toBe('written');
      expect((await store.loadOpen()).open).toEqual([{ record: acked, version: 2 }]);
    });

    it('drops what a replacement no longer has', async () => {
      await store.put(aRecord({ incident: anIncident({ keyArn: KEY, ackedBy: 'ada' }) }), 0);
      await store.put(aRecord({ notifications: [], audience: [] }), 1);

      const [item] = (await store.loadOpen()).open;

      expect(item?.record).toEqual(aRecord({ notifications: [], audience: [] }));
      expect(item?.record.incident).not.toHaveProperty('ackedBy');
    });

    it.each([
      ['a second opening', 0],
      ['a stale version', 1],
      ['a version that does not exist yet', 3],
    ])('refuses %s and keeps what is there', async (_, version) => {
      const record = aRecord({ reminders: 7 });
      await store.put(aRecord(), 0);
      await store.put(record, 1);

      const outcome = await store.put(aRecord(), version);

      expect(outcome).toBe('conflict');
      expect((await store.loadOpen()).open).toEqual([{ record, version: 2 }]);
    });

    it('refuses to replace a record that is gone', async () => {
      expect(await store.put(aRecord(), 1)).toBe('conflict');
    });

    it('lets one of several writers win', async () => {
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => store.put(aRecord(), 0)));

      expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
    });

    it('keeps one open incident for each key', async () => {
      await store.put(aRecord(), 0);
      await store.put(aRecord({ incident: anIncident({ keyArn: OTHER }) }), 0);

      const { open: items } = await store.loadOpen();

      expect(items.map(({ record }) => record.incident.keyArn).toSorted()).toEqual([KEY, OTHER].toSorted());
    });

    it('keeps numbers that arithmetic may leave behind', async () => {
      const odd = {
        ratio: Number.NaN,
        usdPerHour: Number.POSITIVE_INFINITY,
        excessRequests: 1e21,
        excessUsd: 0,
      };
      const record = aRecord({ notifications: [aNotification(1, someFacts(odd))] });

      await store.put(record, 0);

      expect((await store.loadOpen()).open[0]?.record).toEqual(record);
    });

    it('holds a record as large as they get', async () => {
      const operations = Array.from({ length: 14 }, (_, i) => ({
        ...someFacts().operations[0]!,
        operation: `Op${i}`,
      }));
      const facts = someFacts({ operations, recent: Array.from({ length: 36 }, () => 123_456.789) });
      const notifications = Array.from({ length: MAX_NOTIFICATIONS }, (_, i) => aNotification(i + 1, facts));
      const record = aRecord({ notifications, notified: MAX_NOTIFICATIONS });

      expect(await store.put(record, 0)).toBe('written');
      expect((await store.loadOpen()).open[0]?.record).toEqual(record);
    });

    it('shares nothing with those who put and load', async () => {
      const operations = ['Decrypt'];
      await store.put(aRecord({ incident: anIncident({ keyArn: KEY, operations }) }), 0);
      operations.push('Encrypt');
      const [first] = (await store.loadOpen()).open;
      (first!.record.audience as string[]).push('nobody');

      const [second] = (await store.loadOpen()).open;

      expect(second?.record.incident.operations).toEqual(['Decrypt']);
      expect(second?.record.audience).toEqual(['sns', 'slack']);
    });

    it('removes a record at its version only', async () => {
      await store.put(aRecord(), 0);
      await store.put(aRecord(), 1);

      expect(await store.remove(KEY, 1)).toBe('conflict');
      expect((await store.loadOpen()).open).toHaveLength(1);
      expect(await store.remove(KEY, 2)).toBe('written');
      expect((await store.loadOpen()).open).toEqual([]);
    });

    it('takes the removal of what is gone for done', async () => {
      expect(await store.remove(KEY, 3)).toBe('written');
    });

    it('opens anew after a removal', async () => {
      await store.put(aRecord(), 0);
      await store.remove(KEY, 1);

      expect(await store.put(aRecord(), 0)).toBe('written');
      expect((await store.loadOpen()).open[0]?.version).toBe(1);
    });

    it('returns closed incidents of a key, newest first', async () => {
      for (const day of [2, 0, 3, 1]) await store.archive(closed(day));
      await store.archive({ ...closed(4), keyArn: OTHER });

      expect(await store.closed(KEY, 10)).toEqual([closed(3), closed(2), closed(1), closed(0)]);
      expect(await store.closed(KEY, 2)).toEqual([closed(3), closed(2)]);
      expect(await store.closed(KEY, 0)).toEqual([]);
    });

    it('archives an incident once, however often it is told to', async () => {
      await store.archive(closed(0));
      await store.archive(closed(0));

      expect(await store.closed(KEY, 10)).toEqual([closed(0)]);
    });

    it('keeps archived incidents apart from open ones', async () => {
      await store.archive(closed(0));

      expect((await store.loadOpen()).open).toEqual([]);
    });
  });
}

const closed = (day: number): Incident => {
  const openedBin = NIGHT_BIN + day * 288;
  return anIncident({ keyArn: KEY, openedBin, status: 'resolved', endedBin: openedBin + 20, sequence: 3 });
};

/** An incident record with one message, pending for Slack and sent by SNS. */
export const aRecord = (over: Partial<IncidentRecord> = {}): IncidentRecord => ({
  incident: anIncident({ keyArn: KEY }),
  notifications: [aNotification(1, someFacts({ minutesToThrottling: 12.5 }))],
  notified: 1,
  lastNotifiedAt: 1_795_600_000,
  reminders: 0,
  audience: ['sns', 'slack'],
  ...over,
});

const aNotification = (number: number, facts = someFacts()): IncidentRecord['notifications'][number] => ({
  number,
  reason: 'opened',
  incident: anIncident({ keyArn: KEY }),
  severity: 'page',
  at: 1_795_600_000,
  facts,
  deliveries: [
    { receiver: 'sns', status: 'sent', attempts: 1, nextAttemptAt: 1_795_600_000, proof: 'a1b2' },
    { receiver: 'slack', status: 'pending', attempts: 3, nextAttemptAt: 1_795_600_600, reason: 'HTTP 503 ☃' },
  ],
});
