import { describe, expect, it } from 'vitest';
import { RecordedMetrics } from '../../../shared/adapters/memory/recorded-metrics.ts';
import type { Metric } from '../../../shared/domain/usage/metric.ts';
import { UNKNOWN } from '../../../shared/domain/usage/series.ts';
import { aKeyArn } from '../../support/keys.ts';

const DECRYPT: Metric = { kind: 'key', keyArn: aKeyArn(1), operation: 'Decrypt' };
const U = UNKNOWN;

describe('recorded metrics', () => {
  it('join stretches in any order, and a later one overwrites', () => {
    const recorded = new RecordedMetrics();
    recorded.record(DECRYPT, 10, [1, 2, 3]);
    recorded.record(DECRYPT, 6, [7, 8]);
    recorded.record(DECRYPT, 12, [9, 10]);

    expect([...recorded.read(DECRYPT, 5, 15)]).toEqual([U, 7, 8, U, U, 1, 2, 9, 10, U]);
  });

  it('are unknown outside of what was recorded', () => {
    const recorded = new RecordedMetrics();
    recorded.record(DECRYPT, 10, [1, 2]);

    expect([...recorded.read(DECRYPT, 0, 2)]).toEqual([U, U]);
    expect([...recorded.read(DECRYPT, 12, 14)]).toEqual([U, U]);
    expect([...recorded.read(DECRYPT, 9, 9)]).toEqual([]);
  });

  it('keep their own copy', () => {
    const recorded = new RecordedMetrics();
    const requests = Float64Array.of(1, 2);
    recorded.record(DECRYPT, 10, requests);
    requests.fill(9);
    recorded.read(DECRYPT, 10, 12).fill(8);

    expect([...recorded.read(DECRYPT, 10, 12)]).toEqual([1, 2]);
  });

  it('are active where there is a datapoint, even of zero', () => {
    const recorded = new RecordedMetrics();
    recorded.record(DECRYPT, 10, [1, U, 0]);

    expect([9, 10, 11, 12, 13].map((bin) => recorded.active(bin, bin + 1).length)).toEqual([0, 1, 0, 1, 0]);
  });
});
