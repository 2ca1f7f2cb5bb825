import { aKeyArn } from '../support/keys.ts';

const START = Date.parse('2026-09-02T00:00:00Z') / 1000;
const DAYS = 22;

/** First bins of what happens, counted from the start. */
const STORM = 19 * 288 + 100;
const JUMP = 17 * 288;

/** Requests by day and night. */
const usual = (bin: number) => Math.round(850 + 400 * Math.sin((bin / 288) * 2 * Math.PI) + (bin % 11) * 10);

const KEYS: readonly ((bin: number) => number)[] = [
  // A storm of three hours.
  (bin) => (bin >= STORM && bin < STORM + 36 ? 90_000 : usual(bin)),
  // A new level that stays.
  (bin) => (bin >= JUMP ? 60 : 1) * usual(bin),
  // Nothing ever happens.
  usual,
];

/** Three weeks of three keys: a storm, a level that stands, and a quiet one. */
export const aRecording = (): string => {
  const rows = KEYS.flatMap((requests, key) =>
    Array.from(
      { length: DAYS * 288 },
      (_, bin) => `${START + bin * 300},${aKeyArn(key + 1)},Decrypt,${requests(bin)}`,
    ),
  );
  return `timestamp,keyArn,operation,requests\n${rows.join('\n')}\n`;
};
