import type { Cause, CauseEvidence } from './cause.ts';
import type { Portion } from './portion.ts';

/** One known way to waste KMS requests. The texts are constant: what the account wrote enters by the finding alone. */
export interface Rule {
  /** Stable name, such as `s3-without-bucket-key`. */
  readonly id: string;
  readonly title: string;
  /** What gives it away, for people who read the rules. */
  readonly signs: string;
  /** What ends it, in one or two sentences. */
  readonly fix: string;
  /** Share that the fix ends, 0..1, of the requests it explains, and why it is this much. */
  readonly saves: { readonly low: number; readonly high: number; readonly why: string };
  /** Page that documents it. */
  readonly source: string;
  /**
   * `fault`: something is set or written wrong, and the fix puts it right.
   * `use`: only how the key is used; it ranks after faults, because it says less about what to do.
   */
  readonly kind: 'fault' | 'use';
  /** What speaks for it in this evidence; undefined: nothing. */
  readonly find: (evidence: CauseEvidence) => Finding | undefined;
}

/** What speaks for a rule. */
export interface Finding {
  readonly certainty: Cause['certainty'];
  /** Plain sentences with the figures. */
  readonly because: readonly string[];
  /** Share of the key's requests that this explains and the fix can end. */
  readonly explains: Portion;
  /** How much of all that was seen speaks for it, 0..1: the larger one comes first. */
  readonly weight: number;
  readonly command?: string;
}
