import { type BinScore, newBinScore } from '../../../../shared/domain/detection/judge.ts';

/** A judged bin in which 100 requests are usual. */
export const aScore = (bin: number, requests: number, over: Partial<BinScore> = {}): BinScore => ({
  ...newBinScore(),
  bin,
  requests,
  expected: 100,
  ...over,
});
