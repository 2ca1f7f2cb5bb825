import type { Answer, Finding } from '../../domain/doctor/finding.ts';
import { type Look, NoAnswerError } from './look.ts';

/** One thing that the documentation of AWS leaves open. */
export interface Question {
  readonly id: string;
  readonly question: string;
  /** What the detector goes by, as a statement that an answer can confirm. */
  readonly assumed: string;
  /** What `differs` means for the detector, and what to do. */
  readonly consequence: string;
  /** Throws a NoAnswerError if it cannot be told. */
  ask(look: Look): Promise<Answer>;
}

/** Asks one question. Whatever goes wrong is the answer to this question alone. */
export async function put({ ask, consequence, ...words }: Question, look: Look): Promise<Finding> {
  const answer = await ask(look).catch((error: unknown): Answer => {
    const reason =
      error instanceof NoAnswerError
        ? error.message
        : `the question failed: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
    return { verdict: 'unknown', evidence: reason };
  });
  return { ...words, ...answer, ...(answer.verdict === 'differs' ? { consequence } : {}) };
}

export const asAssumed = (evidence: string): Answer => ({ verdict: 'asAssumed', evidence });
export const differs = (evidence: string): Answer => ({ verdict: 'differs', evidence });
export const unknown = (evidence: string): Answer => ({ verdict: 'unknown', evidence });

/** `1 metric`, `12 metrics`. */
export const many = (count: number, one: string, more = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : more}`;

/** Whole seconds, or minutes where there are many: `95 s`, `12 min`. */
export const ago = (seconds: number): string =>
  seconds < 300 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
