import { readFile } from 'node:fs/promises';
import type * as z from 'zod';
import { defaultFromBin } from '../shared/app/backtest.ts';
import type { Recording } from '../shared/app/recording.ts';
import { shippedPolicyDefaults } from '../shared/config.ts';
import type { Policy } from '../shared/domain/policy.ts';
import {
  type Bin,
  binAt,
  binEnd,
  binStart,
  DAY_SECONDS,
  type EpochSeconds,
  isoTime,
  KEPT_DAYS,
} from '../shared/domain/usage/time.ts';
import { parsePolicy, policyText } from '../shared/policy-document.ts';
import { UsageError } from './usage-error.ts';

/** An option's value by its schema; what does not fit is a usage error that names the option. */
export function valid<T>(option: string, value: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const expected = parsed.error.issues[0]?.message ?? 'another value';
  throw new UsageError(`${option} ${JSON.stringify(value)}: expected ${expected}`);
}

/** A moment that an option names and that has come; now if it names none. */
function pastTime(option: string, text: string | undefined, now: EpochSeconds): EpochSeconds {
  const at = text === undefined ? now : parseTime(option, text);
  if (at <= now) return at;
  throw new UsageError(
    `${option} ${JSON.stringify(text)}: expected a time in the past; it is ${isoTime(Math.floor(now))}`,
  );
}

/** The same of which CloudWatch still knows: now if the option names none. */
export function keptTime(option: string, text: string | undefined, now: EpochSeconds): EpochSeconds {
  const at = pastTime(option, text, now);
  const first = now - KEPT_DAYS * DAY_SECONDS;
  if (at >= first) return at;
  throw new UsageError(
    `${option} ${JSON.stringify(text)}: expected a time after ${isoTime(Math.floor(first))}: CloudWatch keeps five-minute figures for ${KEPT_DAYS} days`,
  );
}

/** The first bin to judge of a recording: what `--from` says, else the default. */
export function fromBinOf(recording: Recording, from: string | undefined): Bin {
  const bin = from === undefined ? defaultFromBin(recording) : binAt(parseTime('--from', from));
  if (bin > recording.startBin && bin < recording.endBin) return bin;
  const [start, end] = [binStart(recording.startBin), binEnd(recording.endBin - 1)].map(isoTime);
  throw new UsageError(
    `--from ${isoTime(binStart(bin))}: expected a time within the recording, after ${start} and before ${end}`,
  );
}

/** The policy of a file, on top of the detector's own defaults. */
export async function readPolicy(file: string | undefined, sensitivity?: number): Promise<Policy> {
  const shipped = shippedPolicyDefaults();
  const defaults = { ...shipped, sensitivity: sensitivity ?? shipped.sensitivity };
  return parsePolicy(file === undefined ? undefined : await readJson(file), defaults);
}

/** A policy file's content; what cannot be read is a usage error that names the file. */
export async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  });
  policyText(text);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A moment that an option names. */
export function parseTime(option: string, text: string): EpochSeconds {
  const seconds = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) / 1000 : Number.NaN;
  if (Number.isFinite(seconds)) return Math.floor(seconds);
  throw new UsageError(
    `${option} ${JSON.stringify(text)}: expected an ISO 8601 time such as 2026-11-01T00:00:00Z`,
  );
}
