import { styleText } from 'node:util';
import type { Severity } from '../shared/domain/policy.ts';

/** Makes words stand out on a terminal. Whatever a colour says, a word says, too. */
export interface Paint {
  readonly alarming: (text: string) => string;
  readonly notable: (text: string) => string;
  readonly faint: (text: string) => string;
}

const asItIs = (text: string): string => text;

/** For files, pipes and whoever wants no colours. */
export const NO_PAINT: Paint = { alarming: asItIs, notable: asItIs, faint: asItIs };

const COLOURS: Paint = {
  alarming: (text) => styleText(['bold', 'red'], text, ALWAYS),
  notable: (text) => styleText('yellow', text, ALWAYS),
  faint: (text) => styleText('dim', text, ALWAYS),
};

/** It has been asked already whether colours are wanted. */
const ALWAYS = { validateStream: false } as const;

/** A stream that may be a terminal. */
export interface MaybeTerminal {
  readonly isTTY?: boolean;
  hasColors?(count?: number): boolean;
}

/** Colours where a person looks at a terminal that has them; https://no-color.org: never where NO_COLOR is set. */
export const paintFor = (
  stream: MaybeTerminal,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Paint => {
  const isWanted = (environment['NO_COLOR'] ?? '') === '' && stream.isTTY === true;
  return isWanted && stream.hasColors?.() === true ? COLOURS : NO_PAINT;
};

/** A severity in its colour. */
export const severityPaint =
  ({ alarming, notable, faint }: Paint) =>
  (severity: string): string =>
    ({ page: alarming, notice: notable, digest: faint })[severity as Severity]?.(severity) ?? severity;
