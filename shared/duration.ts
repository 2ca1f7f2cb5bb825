import * as z from 'zod';

const DURATION = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** Seconds of an ISO 8601 duration of weeks to seconds (`PT6H`, `P1DT12H`); undefined if the text is none. */
export function durationSeconds(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (!match || text === 'P' || text.endsWith('T')) return undefined;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  return weeks * 604_800 + days * 86_400 + hours * 3600 + minutes * 60 + seconds;
}

/** An ISO 8601 duration in a payload or file, as seconds within bounds. */
export const isoDuration = (minSeconds: number, maxSeconds: number, example: string) =>
  z.string({ error: `ISO 8601 duration such as ${example}` }).transform((text, context) => {
    const seconds = durationSeconds(text);
    if (seconds !== undefined && seconds >= minSeconds && seconds <= maxSeconds) return seconds;
    context.addIssue({ code: 'custom', message: `ISO 8601 duration such as ${example}` });
    return z.NEVER;
  });
