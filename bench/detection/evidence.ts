import { type BacktestMessage, type BacktestSettings, backtest } from '../../shared/app/backtest.ts';
import type { Recording } from '../../shared/app/recording.ts';
import { defaultQuota } from '../../shared/domain/assess/quota.ts';
import type { Policy } from '../../shared/domain/policy.ts';
import { keyArnParts, type SeriesId } from '../../shared/domain/usage/key.ts';
import type { Bin } from '../../shared/domain/usage/time.ts';

/** What the engine said of one series in the judged bins, index 0 being the first of them. */
export interface SeriesEvidence {
  readonly id: SeriesId;
  readonly score: Float32Array;
  /** Keeps an incident open; the same as `score` unless a new level stands. */
  readonly aboveScore: Float32Array;
  /** Requests usual in the bin: what an excess is counted from. */
  readonly expected: Float32Array;
  /** 1 where the bin is over the floor that all detection has. */
  readonly overFloor: Uint8Array;
}

/** One replay of a recording through the product: its messages, and its scores for the judge of scores. */
export interface Evidence {
  readonly fromBin: Bin;
  readonly endBin: Bin;
  readonly series: readonly SeriesEvidence[];
  readonly messages: readonly BacktestMessage[];
  /** Bins judged or learned, and how long that took. */
  readonly bins: number;
  readonly seconds: number;
}

const SETTLE_SECONDS = 180;

/** The settings of a replay at the shipped defaults. */
export const settingsFor = (recording: Recording, policy: Policy, fromBin: Bin): BacktestSettings => {
  const [first] = recording.series;
  const region = first ? keyArnParts(first.id.keyArn).region : 'us-east-1';
  return {
    policy,
    directory: { keys: new Map() },
    settleSeconds: SETTLE_SECONDS,
    quota: (group) => defaultQuota(group, region),
    fromBin,
  };
};

/** Replays a recording and keeps what the engine said of every judged bin. */
export function gatherEvidence(recording: Recording, settings: BacktestSettings): Evidence {
  const { fromBin } = settings;
  const bins = recording.endBin - fromBin;
  const series = recording.series.map(
    ({ id }): SeriesEvidence => ({
      id,
      score: new Float32Array(bins),
      aboveScore: new Float32Array(bins),
      expected: new Float32Array(bins),
      overFloor: new Uint8Array(bins),
    }),
  );
  const byId = new Map(series.map((one) => [one.id, one]));
  const started = performance.now();
  const result = backtest(recording, {
    ...settings,
    onScore: (id, said) => {
      const own = byId.get(id);
      if (!own) return;
      const i = said.bin - fromBin;
      own.score[i] = said.score;
      own.aboveScore[i] = said.aboveScore;
      own.expected[i] = said.expected;
      own.overFloor[i] = said.aboveFloor ? 1 : 0;
    },
  });
  const seconds = (performance.now() - started) / 1000;
  return { fromBin, endBin: recording.endBin, series, messages: result.messages, bins: result.bins, seconds };
}
