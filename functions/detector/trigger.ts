import * as z from 'zod';
import { WATCH, watchPeriod } from '../../shared/doctor-setting.ts';
import { DAY_NAMES } from '../../shared/domain/calendar.ts';
import { KEY_NAME, REGION_PATTERN } from '../../shared/domain/policy.ts';
import { TOP_ORDERS } from '../../shared/domain/top.ts';
import { isRegionSubject, OPERATION_NAME } from '../../shared/domain/usage/key.ts';
import { SHARDS } from '../../shared/domain/usage/shard.ts';
import type { EpochSeconds } from '../../shared/domain/usage/time.ts';
import { durationSeconds, isoDuration } from '../../shared/duration.ts';
import { type Problem, problemsOf, quotable } from '../../shared/problem.ts';
import { DEFAULT_TOP_LIMIT, DEFAULT_TOP_PERIOD, topLimit, topPeriod } from '../../shared/top-setting.ts';

const EIGHT_WEEKS_SECONDS = 8 * 7 * 86_400;

const isoTime = z
  .string({ error: 'ISO 8601 time such as 2026-11-25T02:00:00Z' })
  .transform((text, context) => {
    const milliseconds = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isFinite(milliseconds)) return Math.floor(milliseconds / 1000);
    context.addIssue({ code: 'custom', message: 'ISO 8601 time such as 2026-11-25T02:00:00Z' });
    return z.NEVER;
  });

const names = (what: string, pattern: RegExp) =>
  z
    .array(z.string({ error: what }).regex(pattern, { error: what }), { error: `a list, each ${what}` })
    .min(1, { error: `at least one: ${what}` })
    .max(500, { error: 'at most 500 entries' })
    .optional();

const KEY_NAMES = 'a key ARN, a key id, an alias such as alias/etl-*, or *';
const OPERATION = 'an operation such as Decrypt';

const anyKey = z.string({ error: KEY_NAMES }).regex(KEY_NAME, { error: KEY_NAMES });
const keyNames = names(KEY_NAMES, KEY_NAME);

/** Steps of a check that is divided: what is listed for all, one shard of the keys, and what concerns all together. */
const SCALE_OUT_STEPS = ['list', 'shard', 'merge'] as const;

const SHARD = `a whole number from 0 to ${SHARDS - 1}`;

const isWhole = (
  check: Readonly<Partial<Record<'keys' | 'operations' | 'at' | 'lookback' | 'notify', unknown>>>,
) => [check.keys, check.operations, check.at, check.lookback, check.notify].every((one) => one === undefined);

const check = z
  .strictObject({
    action: z.literal('check'),
    scheduledTime: isoTime.optional(),
    keys: keyNames,
    operations: names(OPERATION, OPERATION_NAME),
    at: isoTime.optional(),
    lookback: isoDuration(300, EIGHT_WEEKS_SECONDS, 'PT6H').optional(),
    notify: z.boolean({ error: 'true or false' }).optional(),
    step: z.enum(SCALE_OUT_STEPS, { error: SCALE_OUT_STEPS.join(', ') }).optional(),
    shard: z
      .int({ error: SHARD })
      .min(0, { error: SHARD })
      .max(SHARDS - 1, { error: SHARD })
      .optional(),
  })
  .refine(({ step, shard }) => (step === 'shard') === (shard !== undefined), {
    path: ['shard'],
    error: 'together with step "shard", and only then',
  })
  .refine(({ step, scheduledTime }) => step === undefined || scheduledTime !== undefined, {
    path: ['scheduledTime'],
    error: 'together with step: all steps of a check stand for the same moment',
  })
  .refine(({ step, ...others }) => step === undefined || isWhole(others), {
    path: ['step'],
    error: 'without keys, operations, at, lookback and notify: the steps check everything',
  })
  .refine(({ notify, at }) => !(notify && at !== undefined), {
    path: ['notify'],
    error: 'false or absent together with at: a replay of the past notifies nobody',
  })
  .refine(({ notify, operations }) => !(notify && operations !== undefined), {
    path: ['notify'],
    error: 'false or absent together with operations: an incident is of all operations of a key',
  })
  .refine(({ notify, lookback }) => !(notify && lookback !== undefined), {
    path: ['notify'],
    error: 'false or absent together with lookback: a replay of the past notifies nobody',
  });

const explain = z.strictObject({
  action: z.literal('explain'),
  key: anyKey,
  operation: z.string({ error: OPERATION }).regex(OPERATION_NAME, { error: OPERATION }).optional(),
  at: isoTime.optional(),
});

const diagnose = z.strictObject({
  action: z.literal('diagnose'),
  key: anyKey,
});

const top = z.strictObject({
  action: z.literal('top'),
  by: z.enum(TOP_ORDERS, { error: TOP_ORDERS.join(', ') }).default('cost'),
  last: topPeriod.prefault(DEFAULT_TOP_PERIOD),
  limit: topLimit.default(DEFAULT_TOP_LIMIT),
  diagnose: topLimit.optional(),
});

/** Longest mute: whoever wants more has to say so again. */
export const MAX_MUTE_SECONDS = 90 * 86_400;

const UNTIL =
  'ISO 8601 time such as 2026-12-02T00:00:00Z, a duration such as P7D, at most 90 days, tomorrow or a weekday such as friday';

const dayName = z.enum(DAY_NAMES);

/** A moment, how long from now, or a day; whether a moment is near enough is known only when it is now. */
const until = z.string({ error: UNTIL }).transform((text, context) => {
  const day = dayName.safeParse(text.trim().toLowerCase()).data;
  if (day !== undefined) return { day };
  const seconds = durationSeconds(text);
  if (seconds !== undefined && seconds > 0 && seconds <= MAX_MUTE_SECONDS) return { seconds };
  const at = seconds === undefined ? isoTime.safeParse(text).data : undefined;
  if (at !== undefined) return { at };
  context.addIssue({ code: 'custom', message: UNTIL });
  return z.NEVER;
});

const words = (what: string) =>
  z
    .string({ error: what })
    .trim()
    .min(1, { error: what })
    .max(200, { error: `${what}, at most 200 characters` });

const by = words('who you are, such as your name');
const ONE_KEY = 'a key ARN, a key id or an alias such as alias/etl';
const oneKey = z
  .string({ error: ONE_KEY })
  .regex(KEY_NAME, { error: ONE_KEY })
  .refine((name) => !name.includes('*'), { error: `${ONE_KEY}, without *` });

const ack = z
  .strictObject({
    action: z.literal('ack'),
    incident: words('the id of an incident, such as kms-20261125T0205-1a2b3c4d').optional(),
    key: oneKey.optional(),
    by,
  })
  .refine(({ incident, key }) => (incident === undefined) !== (key === undefined), {
    path: ['incident'],
    error: 'either incident or key, and not both',
  });

const MUTED = `${KEY_NAMES}, or region for the quotas of all keys together`;
const muted = z
  .string({ error: MUTED })
  .refine((name) => KEY_NAME.test(name) || name === REGION_PATTERN || isRegionSubject(name), {
    error: MUTED,
  });

const mute = z.strictObject({
  action: z.literal('mute'),
  key: muted,
  until,
  reason: words('why, such as "load test of the new lake"'),
  by,
});

const unmute = z.strictObject({
  action: z.literal('unmute'),
  mute: words('the id of a mute: status lists them'),
  by,
});

const accept = z.strictObject({
  action: z.literal('accept'),
  key: oneKey,
  reason: words('why').optional(),
  by,
});

const payload = z.discriminatedUnion(
  'action',
  [
    check,
    explain,
    diagnose,
    top,
    z.strictObject({ action: z.literal('status') }),
    z.strictObject({ action: z.literal('test-alert') }),
    z.strictObject({ action: z.literal('doctor'), watch: watchPeriod.prefault(WATCH.default) }),
    ack,
    mute,
    unmute,
    accept,
  ],
  { error: 'check, explain, diagnose, top, status, test-alert, doctor, ack, mute, unmute or accept' },
);

/** What the function is asked for. */
export type Trigger = z.infer<typeof payload>;

/** A trigger, or everything that is wrong with the payload. */
export type ParsedTrigger =
  | { readonly kind: 'trigger'; readonly trigger: Trigger }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] };

/** Parses a schedule event or a manual payload. `{}` is an immediate check. */
export function parseTrigger(event: unknown): ParsedTrigger {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    return {
      kind: 'invalid',
      problems: [{ path: '', value: quotable(event), expected: 'a JSON object such as {"action":"check"}' }],
    };
  }
  const asked = { action: 'check', ...event };
  const parsed = payload.safeParse(asked);
  return parsed.success
    ? { kind: 'trigger', trigger: parsed.data }
    : { kind: 'invalid', problems: problemsOf(parsed.error, event, fieldsOf(asked.action)) };
}

/** Fields that people fill in; the others are the schedule's. */
function fieldsOf(action: unknown): readonly string[] {
  const asked = payload.options.find(({ shape }) => shape.action.value === action);
  return Object.keys(asked?.shape ?? {}).filter((field) => !SCHEDULED_FIELDS.has(field));
}

const SCHEDULED_FIELDS: ReadonlySet<string> = new Set(['scheduledTime', 'step', 'shard']);

/** Oldest `scheduledTime` that a run takes, against the wall clock. */
const MAX_AGE_SECONDS = 900;

/**
 * Newest one: a clock that is behind by more than the schedule needs to invoke must not skip every run. Beyond a minute
 * something is wrong with the clock or with the event.
 */
const MAX_AHEAD_SECONDS = 60;

/** Why a scheduled check is not made: the next one covers it. Undefined: it is made. */
export function staleness(scheduledTime: EpochSeconds, now: EpochSeconds): string | undefined {
  if (scheduledTime - now > MAX_AHEAD_SECONDS) return 'scheduledTime is more than a minute in the future';
  if (now - scheduledTime > MAX_AGE_SECONDS) return 'scheduledTime is more than 15 minutes old';
  return undefined;
}
