import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunStore } from '../../shared/app/ports.ts';
import type { ReportedIncident, RunReport } from '../../shared/domain/run-report.ts';
import { aKeyArn } from '../support/keys.ts';
import type { Opened } from './opened.ts';

const NOW = 1_795_600_000;

/** What every store of the runs' state does. */
export function describeRunStore(name: string, open: () => Promise<Opened<RunStore>>): void {
  describe(`${name} as a run store`, () => {
    let opened: Opened<RunStore>;
    let store: RunStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    it('gives the lease to the first run and names it to the second', async () => {
      expect(await store.acquireLease('run-1', NOW, 270)).toEqual({ held: true });
      expect(await store.acquireLease('run-2', NOW + 1, 270)).toEqual({ held: false, by: 'run-1' });
    });

    it('gives the lease to one of several runs', async () => {
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, i) => store.acquireLease(`run-${i}`, NOW, 270)),
      );

      expect(answers.filter(({ held }) => held)).toHaveLength(1);
    });

    it('gives the lease again to the run that holds it', async () => {
      await store.acquireLease('run-1', NOW, 270);

      expect(await store.acquireLease('run-1', NOW + 5, 270)).toEqual({ held: true });
      expect(await store.acquireLease('run-2', NOW + 271, 270)).toEqual({ held: false, by: 'run-1' });
    });

    it('lets another run take a lease that has expired', async () => {
      await store.acquireLease('run-1', NOW, 270);

      expect(await store.acquireLease('run-2', NOW + 269, 270)).toEqual({ held: false, by: 'run-1' });
      expect(await store.acquireLease('run-2', NOW + 270, 270)).toEqual({ held: true });
      expect(await store.acquireLease('run-1', NOW + 271, 270)).toEqual({ held: false, by: 'run-2' });
    });

    it('lets another run take a lease that was released', async () => {
      await store.acquireLease('run-1', NOW, 270);
      await store.releaseLease('run-1');

      expect(await store.acquireLease('run-2', NOW + 1, 270)).toEqual({ held: true });
    });

    it('releases no lease of another run', async () => {
      await store.acquireLease('run-1', NOW, 270);
      await store.releaseLease('run-2');

      expect(await store.acquireLease('run-2', NOW + 1, 270)).toEqual({ held: false, by: 'run-1' });
    });

    it('releases a lease that nobody holds without complaint', async () => {
      await expect(store.releaseLease('run-1')).resolves.toBeUndefined();
    });

    it('knows no run at first', async () => {
      expect(await store.lastReport()).toBeUndefined();
      expect(await store.lastDiscovery()).toBeUndefined();
    });

    it('returns the last report', async () => {
      const { newestDatapointAgeSeconds: _, ...older } = aReport({ runId: 'run-1' });
      const newer = aReport({ runId: 'run-2', delivery: { left: 'another run is sending', run: 'run-1' } });

      await store.saveReport(older);
      expect(await store.lastReport()).toEqual(older);
      await store.saveReport(newer);
      expect(await store.lastReport()).toEqual(newer);
    });

    it('keeps a report of a very bad day within bounds, its counts whole', async () => {
      const incidents = Array.from({ length: 5000 }, (_, i) =>
        anEntry({ id: `incident-${i}`, usdPerHour: i }),
      );
      const examples = Array.from({ length: 50 }, (_, i) => aKeyArn(i));
      const notChecked = Object.fromEntries(
        Array.from({ length: 8 }, (_, i) => [`fault ${i}`, { count: 90_000, examples }]),
      );

      await store.saveReport(aReport({ incidents, notChecked, keys: 720_000 }));
      const stored = await store.lastReport();

      expect(stored?.notChecked).toEqual(notChecked);
      expect(stored?.incidents).toHaveLength(200);
      expect(stored?.incidents[0]?.id).toBe('incident-4999');
    });

    it('shares nothing with those who save and load', async () => {
      const unresolved = ['alias/typo'];
      await store.saveReport(aReport({ unresolved }));
      unresolved.push('alias/other');
      ((await store.lastReport())!.stale as string[]).push('aliases');

      expect(await store.lastReport()).toEqual(aReport({ unresolved: ['alias/typo'] }));
    });

    it('remembers when everything was listed', async () => {
      await store.saveDiscovery(NOW);
      await store.saveDiscovery(NOW + 3600);

      expect(await store.lastDiscovery()).toBe(NOW + 3600);
    });

    it('remembers how many messages were sent in the hour', async () => {
      expect(await store.budgetUse()).toBeUndefined();

      await store.saveBudgetUse({ hour: 498_778, sent: { sns: 20 } });
      await store.saveBudgetUse({ hour: 498_779, sent: { sns: 1, slack: 2 } });

      expect(await store.budgetUse()).toEqual({ hour: 498_779, sent: { sns: 1, slack: 2 } });
    });
  });
}

const anEntry = (over: Partial<ReportedIncident> = {}): ReportedIncident => ({
  id: 'kms-20261125T0205-abc',
  keyArn: aKeyArn(1),
  alias: 'alias/lake-etl',
  operations: ['Decrypt'],
  status: 'open',
  severity: 'page',
  openedAt: '2026-11-25T02:05:00Z',
  usdPerHour: 14.6,
  excessUsd: 3.65,
  ratio: 48,
  event: 'opened',
  reason: 'Decrypt is 48 times its usual',
  ...over,
});

/** A report with something in most of its fields. */
export const aReport = (over: Partial<RunReport> = {}): RunReport => ({
  runId: 'run-1',
  asOf: '2026-11-25T02:18:00Z',
  startedAt: '2026-11-25T02:18:04Z',
  seconds: 7.25,
  keys: 5,
  series: 9,
  normal: 1,
  breaching: 1,
  insufficientData: { backfillPending: { count: 1, examples: [aKeyArn(2)] } },
  notChecked: { throttled: { count: 1, examples: [`${aKeyArn(3)} Decrypt`] } },
  excluded: 1,
  incidents: [anEntry()],
  delivery: {
    sent: 1,
    pending: 1,
    noAudience: 0,
    gaveUp: 0,
    held: 3,
    digestOnly: 0,
    failures: [{ receiver: 'slack', reason: 'HTTP 503' }],
  },
  unresolved: [],
  backfill: { done: 1, remaining: 2 },
  stale: [],
  newestDatapointAgeSeconds: 204,
  metricsRequested: 9,
  ...over,
});
