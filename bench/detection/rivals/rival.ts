/** One series as rivals see it: its requests from its birth on, unknown bins as zero. */
export interface RivalInput {
  readonly requests: Float64Array;
  /** Bin number of the first one, counted from 1970 as everywhere: hours and weekdays follow from it. */
  readonly startBin: number;
  /** Index of the first judged bin; negative or zero if the series was born later. */
  readonly judgeFrom: number;
}

/** Another way to detect. Its score grows with how unusual a bin is; only bins from `judgeFrom` on are read. */
export interface Rival {
  readonly name: string;
  readonly score: (input: RivalInput) => Float32Array;
}
