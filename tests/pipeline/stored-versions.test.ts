import { describe, expect, it } from 'vitest';
import type { KeyBaselines } from '../../shared/app/ports.ts';
import { CODEC_VERSION, decodeBaseline } from '../../shared/domain/detection/codec.ts';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import { aDetector, binsAfterStart, reasonsOf, START, type Trace } from '../support/a-detector.ts';
import { aKeyArn } from '../support/keys.ts';

const HOUR = 3600;
const FIVE_MINUTES = 300;
const KEY = aKeyArn(1);
const OTHER = aKeyArn(2);

const decrypt = (keyArn = KEY): Metric => ({ kind: 'key', keyArn, operation: 'Decrypt' });
const steady: Trace = (bin) => 300 + (bin % 7);
/** As many requests as nobody ever made before, two hours after the start. */
const storm: Trace = (bin) => (binsAfterStart(bin) >= 24 ? 60_000 : steady(bin));

/** Bytes that begin with this version; the rest would make nonsense if it were read. */
const bytesOfVersion = (version: number): Uint8Array =>
  Uint8Array.from({ length: 900 }, (_, i) => (i === 0 ? version : (i * 37) % 256));

/** An account that another release of the detector has left baselines of this version in. */
function anAccountOf(version: number, requests: Trace = steady) {
  const detector = aDetector({
    traces: [
      { metric: decrypt(), requests },
      { metric: decrypt(OTHER), requests: steady },
    ],
  });
  const bytes = bytesOfVersion(version);
  detector.ports.baselines.putBytes(KEY, 'Decrypt', bytes);
  const stored = () => detector.ports.baselines.bytesOf(KEY, 'Decrypt') ?? new Uint8Array();
  return { ...detector, bytes, stored };
}

/** What the same detector learns without anything stored before. */
async function learnedFromNothing(requests: Trace = steady): Promise<Uint8Array | undefined> {
  const fresh = aDetector({
    traces: [
      { metric: decrypt(), requests },
      { metric: decrypt(OTHER), requests: steady },
    ],
  });
  await fresh.run(START);
  return fresh.ports.baselines.bytesOf(KEY, 'Decrypt');
}

describe('a baseline that the first engine learned', () => {
  it('counts as not learned and is learned anew from CloudWatch in the same run', async () => {
    const { run, stored } = anAccountOf(1);

    const report = await run(START);

    expect(report.notChecked).toEqual({});
    expect(report.insufficientData).toMatchObject({ backfillPending: { count: 2 } });
    expect(report.backfill).toEqual({ done: 2, remaining: 0 });
    expect(stored()).toEqual(await learnedFromNothing());
  });

  it('is judged by what was learned anew from the next run on', async () => {
    const { run, runSchedule, email } = anAccountOf(1, storm);
    await run(START);

    const next = await run(START + FIVE_MINUTES);
    await runSchedule(START + FIVE_MINUTES, START + 3 * HOUR);

    expect(next).toMatchObject({ normal: 2, insufficientData: {}, notChecked: {} });
    expect(email.messages.length).toBeGreaterThan(0);
  });

  it('stays until its history can be read', async () => {
    const { run, ports, metrics, bytes, stored } = anAccountOf(1);
    const noHistory = {
      get metricsRequested() {
        return metrics.metricsRequested;
      },
      fetch: (batch: Parameters<typeof metrics.fetch>[0]) =>
        batch.endBin - batch.startBin < 2016
          ? metrics.fetch(batch)
          : Promise.resolve(
              batch.metrics.map(
                () => ({ kind: 'fault', fault: 'throttled', detail: 'Rate exceeded' }) as const,
              ),
            ),
    };

    const report = await run(START, {}, { ...ports, metrics: noHistory });

    expect(report.backfill).toEqual({ done: 0, remaining: 2 });
    expect(stored()).toEqual(bytes);
  });
});

describe.each([CODEC_VERSION + 1, 250])(
  'a baseline of version %d, which a newer release wrote',
  (version) => {
    it('is not checked, and the report names the version', async () => {
      const { run } = anAccountOf(version);

      const report = await run(START);

      expect(report.notChecked).toEqual({
        baselineUnreadable: { count: 1, examples: [expect.stringContaining(`version ${version}`)] },
      });
      expect(report.backfill).toEqual({ done: 1, remaining: 0 });
    });

    it('keeps its bytes while other keys are learned, saved and told', async () => {
      const { runSchedule, bytes, stored, ports } = anAccountOf(version, storm);

      const report = await runSchedule(START, START + 3 * HOUR);

      expect(report).toMatchObject({ keys: 2, normal: 1, notChecked: { baselineUnreadable: { count: 1 } } });
      expect(stored()).toEqual(bytes);
      expect(decodeBaseline(ports.baselines.bytesOf(OTHER, 'Decrypt') ?? new Uint8Array()).kind).toBe('ok');
    });
  },
);

describe('a baseline that cannot be read for hours while a storm is told', () => {
  it('costs no escalation: what was judged without it is judged again', async () => {
    const growing: Trace = (bin) => {
      const at = binsAfterStart(bin);
      if (at < 24 || at >= 48) return steady(bin);
      return at < 27 ? 60_000 : 600_000;
    };
    const { run, runSchedule, ports, email } = aDetector({
      traces: [{ metric: decrypt(), requests: growing }],
    });
    const blind = {
      ...ports,
      baselines: {
        save: (key: KeyBaselines) => ports.baselines.save(key),
        loadAll: async () => {
          const unreadable = new Map([['Decrypt', 'version 250']]);
          return (await ports.baselines.loadAll()).map((key) => ({
            ...key,
            operations: new Map(),
            unreadable,
          }));
        },
      },
    };
    await runSchedule(START, START + 2 * HOUR + 2 * FIVE_MINUTES);
    const before = reasonsOf(email.messages);
    for (let minutes = 18; minutes <= 180; minutes += 5)
      await run(START + 2 * HOUR + minutes * 60, {}, blind);

    await runSchedule(START + 5 * HOUR, START + 6 * HOUR);

    expect(before).toContain('opened');
    expect(before).not.toContain('escalated');
    expect(reasonsOf(email.messages)).toContain('escalated');
  });
});
