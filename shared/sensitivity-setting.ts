import * as z from 'zod';
import { SENSITIVITY_LEVELS } from './domain/detection/sensitivity.ts';

/** The least and the most that is offered: accepted false alerts per 100 keys and year. */
const LEAST = 0.1;
const MOST = 10_000;

const NAMES = ['quiet', 'normal', 'eager'] as const satisfies readonly (keyof typeof SENSITIVITY_LEVELS)[];

/** What belongs in a sensitivity, for people. */
export const SENSITIVITY_EXPECTED = `${NAMES.join(', ')}, or accepted false alerts per 100 keys and year, ${LEAST} to ${MOST}`;

/** A sensitivity as people write it: the name of a level, or accepted false alerts per 100 keys and year. */
export const sensitivitySetting = z.union(
  [z.enum(NAMES).transform((name): number => SENSITIVITY_LEVELS[name]), z.number().min(LEAST).max(MOST)],
  { error: SENSITIVITY_EXPECTED },
);

/** The sensitivity of a text, such as an environment variable or a command-line option. */
export const parseSensitivity = (text: string): number | undefined =>
  sensitivitySetting.safeParse(/^[0-9.]+$/.test(text) ? Number(text) : text).data;
