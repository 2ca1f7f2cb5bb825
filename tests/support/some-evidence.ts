import type { Caller, CallerSample, Purpose, SampledShare } from '../../shared/domain/callers/callers.ts';
import type { CauseEvidence } from '../../shared/domain/causes/cause.ts';
import { aKey } from './a-message.ts';

/** A share of a sample of 400, with four points to either side. */
const aShare = (share: number): SampledShare => ({
  events: Math.round(share * 400),
  share,
  low: Math.max(0, share - 0.04),
  high: Math.min(1, share + 0.04),
});

export const aCaller = (share: number, over: Partial<Caller> = {}): Caller => ({
  ...aShare(share),
  name: 'role/etl',
  ...over,
});

export const aPurpose = (share: number, context: string, value: string): Purpose => ({
  ...aShare(share),
  context,
  value,
});

/** Objects of the bucket `lake`, read or written without a Bucket Key. */
export const lakeObjects = (share: number, over: Partial<Purpose> = {}): Purpose => ({
  ...aPurpose(share, 'aws:s3:arn', 'arn:aws:s3:::lake'),
  detail: 'object',
  ...over,
});

/** 400 events by one role for nothing in particular. */
export const aSample = (over: Partial<CallerSample> = {}): CallerSample => ({
  events: 400,
  from: 1_795_571_000,
  to: 1_795_572_000,
  callers: [],
  purposes: [],
  operations: { Decrypt: 400 },
  refused: {},
  ...over,
});

/** 60,000 Decrypts an hour where 1,200 are usual; neither its callers nor its shape are known. */
export const someEvidence = (over: Partial<CauseEvidence> = {}): CauseEvidence => ({
  key: aKey(),
  operations: [{ operation: 'Decrypt', perHour: 60_000, usualPerHour: 1_200 }],
  callers: undefined,
  recent: [],
  standing: false,
  usdPerHour: 0.18,
  ...over,
});

/** Evidence with these callers and purposes. */
export const sampledEvidence = (
  sample: Partial<CallerSample>,
  over: Partial<CauseEvidence> = {},
): CauseEvidence => someEvidence({ callers: aSample(sample), ...over });

/** Bins of 5 minutes, each piece so many bins of so many requests. */
export const bins = (...pieces: readonly (readonly [number, number])[]): number[] =>
  pieces.flatMap(([length, requests]) => Array.from({ length }, () => requests));
