import * as z from 'zod';
import type { OwnPrices } from './domain/assess/price.ts';
import { KEY_PATTERN, type Policy } from './domain/policy.ts';
import { OPERATION_NAME } from './domain/usage/key.ts';
import { isoDuration } from './duration.ts';
import { type Problem, problemLine, problemsOf } from './problem.ts';
import { sensitivitySetting } from './sensitivity-setting.ts';

/**
 * Longest lists of a document: many times what people write by hand, and little enough that a run of 10,000 keys goes
 * through all of it for each key.
 */
const MAX_RULES = 500;
const MAX_KEYS = 1000;
const MAX_OPERATIONS = 100;

/** Characters of a policy file at most: it is packed with the function and gone through in every start. */
const MAX_POLICY_LENGTH = 1_000_000;

const atMost = (count: number, what: string) => ({ error: `at most ${count} ${what}` });

const severity = z.enum(['page', 'notice', 'digest'], { error: 'page, notice or digest' });
const keyPattern = z.string({ error: 'a key ARN, a key id, alias/..., or *' }).regex(KEY_PATTERN, {
  error: 'a key ARN, a key id, an alias such as alias/etl-*, or *',
});
const keys = z
  .array(keyPattern, { error: 'a list of key ARNs, key ids, aliases or *' })
  .min(1, { error: 'at least one key' })
  .max(MAX_KEYS, atMost(MAX_KEYS, 'keys; an alias pattern such as alias/etl-* names many'));
const amount = z.number({ error: 'a number, 0 or more' }).min(0, { error: 'a number, 0 or more' });

const threshold = z
  .strictObject({
    name: z.string({ error: 'a name of at most 64 characters' }).min(1).max(64),
    keys,
    operations: z
      .array(z.string().regex(OPERATION_NAME, { error: 'an operation such as Decrypt' }))
      .max(MAX_OPERATIONS, atMost(MAX_OPERATIONS, 'operations; without any, all count'))
      .default([]),
    period: isoDuration(300, 86_400, 'PT1H (PT5M to PT24H)'),
    above: amount.optional(),
    aboveUsd: amount.optional(),
    severity: severity.default('notice'),
  })
  .refine((rule) => rule.above !== undefined || rule.aboveUsd !== undefined, { error: 'above or aboveUsd' })
  .refine((rule) => rule.period % 300 === 0, {
    path: ['period'],
    error: 'whole steps of 5 minutes, such as PT15M',
  });

const override = z.strictObject({
  keys,
  sensitivity: sensitivitySetting.optional(),
  pageUsdPerHour: amount.optional(),
  noticeUsdPerHour: amount.optional(),
});

const receiver = z.strictObject({
  name: z.enum(['sns', 'slack', 'pagerduty', 'event'], { error: 'sns, slack, pagerduty or event' }),
  severities: z.array(severity).min(1).max(3).optional(),
  keys: keys.optional(),
});

/** AWS lists its prices per so many requests, and so does the document. */
const PRICED_REQUESTS = 10_000;

const prices = z.strictObject({
  symmetric: amount.optional(),
  rsa2048: amount.optional(),
  asymmetric: amount.optional(),
  eccDataKeyPair: amount.optional(),
  rsaDataKeyPair: amount.optional(),
});

/** Accounts that can be named. */
const MAX_ACCOUNTS = 1000;

const accounts = z
  .record(
    z.string().regex(/^\d{12}$/, { error: 'an account of twelve digits' }),
    z.string({ error: 'a name of at most 64 characters' }).min(1).max(64, { error: 'at most 64 characters' }),
  )
  .refine((names) => Object.keys(names).length <= MAX_ACCOUNTS, atMost(MAX_ACCOUNTS, 'accounts'));

/** The policy document as written in `policy.json`. */
export const policyDocument = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1, { error: '1' }),
  thresholds: z.array(threshold).max(MAX_RULES, atMost(MAX_RULES, 'thresholds')).default([]),
  overrides: z.array(override).max(MAX_RULES, atMost(MAX_RULES, 'overrides')).default([]),
  receivers: z.array(receiver).max(MAX_RULES, atMost(MAX_RULES, 'receivers')).default([]),
  exclude: z
    .array(keyPattern)
    .max(MAX_KEYS, atMost(MAX_KEYS, 'keys; an alias pattern such as alias/dev-* names many'))
    .default([]),
  prices: prices.optional(),
  accounts: accounts.optional(),
});

/** What holds without a policy document, and what it refines. */
export type PolicyDefaults = Policy['defaults'];

/** The policy of a document; undefined means none. Throws a PolicyError that lists every problem. */
export function parsePolicy(document: unknown, defaults: PolicyDefaults): Policy {
  if (document === undefined) return { thresholds: [], overrides: [], receivers: [], exclude: [], defaults };
  const parsed = policyDocument.safeParse(document);
  if (!parsed.success) throw new PolicyError(problemsOf(parsed.error, document));
  const { thresholds, overrides, receivers, exclude, prices: own, accounts: named } = parsed.data;
  return {
    thresholds: thresholds.map(({ period, above, aboveUsd, ...rule }) => ({
      ...rule,
      periodSeconds: period,
      ...(above === undefined ? {} : { above }),
      ...(aboveUsd === undefined ? {} : { aboveUsd }),
    })),
    overrides: overrides.map(withoutUndefined),
    receivers: receivers.map(withoutUndefined),
    exclude,
    defaults,
    ...(own === undefined ? {} : { prices: perRequest(own) }),
    ...(named === undefined ? {} : { accounts: named }),
  };
}

/** A policy document that cannot be used; nothing of it is. */
export class PolicyError extends Error {
  override name = 'PolicyError' as const;
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(
      `The policy document has ${problems.length} problem(s):\n${problems.map((problem) => `- ${problemLine(problem)}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

/** The text of a policy file, if it is not too long to be one. */
export function policyText(text: string): string {
  if (text.length <= MAX_POLICY_LENGTH) return text;
  const expected = `at most ${MAX_POLICY_LENGTH} characters; alias patterns such as alias/etl-* name many keys at once`;
  throw new PolicyError([{ path: '', value: `${text.length} characters`, expected }]);
}

const perRequest = (per10000: z.output<typeof prices>): OwnPrices =>
  Object.fromEntries(
    Object.entries(withoutUndefined(per10000)).map(([kind, usd]) => [kind, usd / PRICED_REQUESTS]),
  );

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Drops absent optional fields, so that absent and undefined cannot be confused. */
function withoutUndefined<T extends object>(record: T): Defined<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Defined<T>;
}
