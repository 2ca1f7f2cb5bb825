import type { KeyFacts } from '../assess/key-facts.ts';
import type { CallerSample } from '../callers/callers.ts';
import type { Operation } from '../usage/key.ts';

/** What is known of a key when its cause is looked for. */
export interface CauseEvidence {
  readonly key: KeyFacts;
  /** Requests of each operation an hour: now, and usual (0: the operation is new). */
  readonly operations: readonly {
    readonly operation: Operation;
    readonly perHour: number;
    readonly usualPerHour: number;
  }[];
  /** Undefined while CloudTrail tells nothing. */
  readonly callers: CallerSample | undefined;
  /** Requests of the key per 5-minute bin, oldest first, NaN where unknown; a day or more shows its shape best. */
  readonly recent: readonly number[];
  /** Whether it has lasted for days already. */
  readonly standing: boolean;
  /** What all of the key's requests cost an hour at the present pace, in dollars. */
  readonly usdPerHour: number;
}

/** Why a key's use ran away, most probably, and what ends it. */
export interface Cause {
  /** Stable name of the rule, such as `s3-without-bucket-key`. */
  readonly id: string;
  /** `S3 objects are read without a Bucket Key` */
  readonly title: string;
  /** `likely`: callers or context say so; `possible`: only the mix of operations and the shape do. */
  readonly certainty: 'likely' | 'possible';
  /** What speaks for it, in plain sentences. */
  readonly because: readonly string[];
  /** What to do, in one or two sentences. */
  readonly fix: string;
  /** A line to paste into a shell, or the setting to write; names of the account are quoted for a shell. */
  readonly command?: string;
  /** Share of the key's requests that the fix ends, 0..1: what the rule's source says, of what the evidence shows. */
  readonly savedShare?: {
    readonly low: number;
    readonly high: number;
    /** Why it is this much and no more. */
    readonly why?: string;
  };
  /** Where the rule is documented. */
  readonly source: string;
}
