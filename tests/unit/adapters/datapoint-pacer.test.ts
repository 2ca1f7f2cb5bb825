import { describe, expect, it } from 'vitest';
import {
  DatapointPacer,
  DOCUMENTED_RATES,
  REAL_TIMER,
} from '../../../shared/adapters/aws/datapoint-pacer.ts';

const NOW = 1_795_600_000;
const HOUR = 3600;

/** A pacer whose time stands at `nowMs`, and how long it made each request wait. */
function aPacer() {
  const waits: number[] = [];
  const time = { nowMs: 0 };
  const pacer = new DatapointPacer(DOCUMENTED_RATES, {
    nowMs: () => time.nowMs,
    sleep: (ms) => Promise.resolve(void waits.push(Math.round(ms))),
  });
  return { pacer, waits, time };
}

describe('a pacer of datapoints', () => {
  it('lets the first request through at once', async () => {
    const { pacer, waits } = aPacer();

    await pacer.turn(NOW - HOUR, NOW, 100_800);

    expect(waits).toEqual([]);
  });

  it('serves 180,000 recent datapoints a second', async () => {
    const { pacer, waits } = aPacer();

    for (let i = 0; i < 4; i++) await pacer.turn(NOW - HOUR, NOW, 90_000);

    expect(waits).toEqual([500, 1000, 1500]);
  });

  it('serves 396,000 older datapoints a second, apart from the recent ones', async () => {
    const { pacer, waits } = aPacer();

    for (let i = 0; i < 3; i++) await pacer.turn(NOW - 4 * HOUR, NOW, 99_000);
    await pacer.turn(NOW - HOUR, NOW, 90_000);

    expect(waits).toEqual([250, 500]);
  });

  it('takes a start of three hours ago for recent', async () => {
    const { pacer, waits } = aPacer();

    await pacer.turn(NOW - 3 * HOUR, NOW, 180_000);
    await pacer.turn(NOW - 3 * HOUR, NOW, 1);

    expect(waits).toEqual([1000]);
  });

  it('saves up nothing while it is idle', async () => {
    const { pacer, waits, time } = aPacer();
    await pacer.turn(NOW - HOUR, NOW, 180_000);
    time.nowMs = 60_000;

    await pacer.turn(NOW - HOUR, NOW, 180_000);
    await pacer.turn(NOW - HOUR, NOW, 1);

    expect(waits).toEqual([1000]);
  });

  it('waits in real time unless it is told otherwise', async () => {
    const startedAt = REAL_TIMER.nowMs();

    await REAL_TIMER.sleep(20);

    expect(REAL_TIMER.nowMs() - startedAt).toBeGreaterThan(15);
  });
});
