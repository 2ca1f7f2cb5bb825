import type { Recording } from '../../../shared/app/recording.ts';
import { isUnknown } from '../../../shared/domain/usage/series.ts';
import type { Bin } from '../../../shared/domain/usage/time.ts';
import { cloudwatchBand } from './cloudwatch-band.ts';
import { holtWinters } from './holt-winters.ts';
import { binToMaximum, hourToMaximum } from './maximum-ratio.ts';
import type { Rival } from './rival.ts';
import { meanAndSigma, staticLimit } from './sigma-limits.ts';
import { weekOverWeek } from './week-over-week.ts';

/** What people use today, and the simple rules that are hard to beat. */
export const RIVALS: readonly Rival[] = [
  hourToMaximum,
  binToMaximum,
  cloudwatchBand,
  staticLimit,
  holtWinters,
  meanAndSigma,
  weekOverWeek,
];

/** A rival's scores for every series of a recording, from `fromBin` on; 0 before a series' birth. */
export function rivalScores(rival: Rival, recording: Recording, fromBin: Bin): Float32Array[] {
  return recording.series.map(({ usage }) => {
    const requests = usage.requests.map((count) => (isUnknown(count) ? 0 : count));
    const judgeFrom = fromBin - usage.startBin;
    const all = rival.score({ requests, startBin: usage.startBin, judgeFrom });
    const judged = new Float32Array(recording.endBin - fromBin);
    judged.set(all.subarray(Math.max(0, judgeFrom)), Math.max(0, -judgeFrom));
    return judged;
  });
}
