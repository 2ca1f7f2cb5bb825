import type { IncidentFacts } from '../../shared/domain/incident/incident.ts';
import type { Observation } from '../../shared/domain/incident/observation.ts';
import type { KeyArn } from '../../shared/domain/usage/key.ts';

export const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/1a2b3c4d-0000-4000-8000-000000000001' as KeyArn;

/** Numbers of a transition; override what the test is about. */
export const someFacts = (overrides: Partial<IncidentFacts> = {}): IncidentFacts => ({
  bin: 0,
  operations: [],
  thresholds: [],
  standing: false,
  ratio: 0,
  usdPerHour: 0,
  usdPerHourHigh: 0,
  excessUsd: 0,
  excessRequests: 0,
  quotaShare: 0,
  regionQuotaShare: 0,
  quotaPerSecond: 20_000,
  assumed: [],
  recent: [],
  ...overrides,
});

/** One bin of a key: normal unless told otherwise. */
export const anObservation = (bin: number, overrides: Partial<Observation> = {}): Observation => ({
  bin,
  state: 'normal',
  standing: false,
  severity: 'digest',
  operations: [],
  excessRequests: 0,
  excessUsd: 0,
  usdPerHour: 0,
  ratio: 0,
  facts: (totals) => someFacts({ bin, ...totals }),
  ...overrides,
});

/** A breaching bin that costs a dollar. */
export const breachingBin = (bin: number, overrides: Partial<Observation> = {}): Observation =>
  anObservation(bin, {
    state: 'breaching',
    severity: 'notice',
    operations: ['Decrypt'],
    excessRequests: 1000,
    excessUsd: 1,
    usdPerHour: 12,
    ratio: 40,
    ...overrides,
  });
