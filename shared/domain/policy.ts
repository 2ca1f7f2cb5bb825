import type { OwnPrices } from './assess/price.ts';
import { isRegionSubject, type KeyArn, keyArnParts, type Operation, targetOfSubject } from './usage/key.ts';

/** How loud an incident is: `page` wakes somebody, `notice` is told at once, `digest` waits for the daily digest. */
export type Severity = 'page' | 'notice' | 'digest';

const RANK: Record<Severity, number> = { digest: 0, notice: 1, page: 2 };

/** The louder of two severities. */
export const louder = (a: Severity, b: Severity): Severity => (RANK[a] >= RANK[b] ? a : b);

export const isLouder = (a: Severity, than: Severity): boolean => RANK[a] > RANK[than];

/** A hard line that needs no history: the sum of its operations in one key over the trailing period. */
export interface Threshold {
  readonly name: string;
  readonly keys: readonly string[];
  /** Empty: all operations of the key. */
  readonly operations: readonly Operation[];
  /** 300 (PT5M) to 86,400 (PT24H). */
  readonly periodSeconds: number;
  /** Requests in the period. */
  readonly above?: number;
  /** Dollars in the period. */
  readonly aboveUsd?: number;
  readonly severity: Severity;
}

/** What a key may differ in from the parameters of the stack. */
export interface Override {
  readonly keys: readonly string[];
  /** Accepted false alerts per 100 keys and year. */
  readonly sensitivity?: number;
  readonly pageUsdPerHour?: number;
  readonly noticeUsdPerHour?: number;
}

/** Which of the configured receivers hears what. */
export interface ReceiverRule {
  readonly name: string;
  readonly severities?: readonly Severity[];
  readonly keys?: readonly string[];
}

/** Everything that is per key: the policy document, parsed. */
export interface Policy {
  readonly thresholds: readonly Threshold[];
  readonly overrides: readonly Override[];
  readonly receivers: readonly ReceiverRule[];
  readonly exclude: readonly string[];
  /** What people call the accounts, by their numbers. */
  readonly accounts?: Readonly<Record<string, string>>;
  /** What the account pays where that is not AWS's list. */
  readonly prices?: OwnPrices;
  /** The stack's parameters, which overrides refine. */
  readonly defaults: {
    readonly sensitivity: number;
    readonly pageUsdPerHour: number;
    readonly noticeUsdPerHour: number;
  };
}

/**
 * How people name keys: `*`, an ARN or a pattern of ARNs, an alias or a pattern of aliases, an id. None is longer than
 * KMS lets it be.
 */
export const KEY_PATTERN =
  /^(\*|arn:aws[a-z-]*:kms:[a-z0-9*-]{1,32}:(?:\d{12}|\*):key\/[A-Za-z0-9*-]{1,128}|alias\/[A-Za-z0-9/_*-]{1,250}|[A-Za-z0-9-]{8,128})$/;

/** The same as people type it: an alias may lack `alias/`, as tables print it. */
export const KEY_NAME =
  /^(arn:aws[a-z-]*:kms:[a-z0-9*-]{1,32}:(?:\d{12}|\*):key\/[A-Za-z0-9*-]{1,128}|[A-Za-z0-9/_*-]{1,256})$/;

/** What the policy says about one key. */
export interface KeyPolicy {
  readonly sensitivity: number;
  readonly pageUsdPerHour: number;
  readonly noticeUsdPerHour: number;
  readonly thresholds: readonly Threshold[];
}

/** A key and the names people know it by. */
export interface KeyNames {
  readonly keyArn: KeyArn;
  /** `alias/...`, without ARN. */
  readonly aliases: readonly string[];
}

/** The policy for one key; undefined if the key is excluded. Later overrides win. */
export function policyForKey(policy: Policy, key: KeyNames): KeyPolicy | undefined {
  if (matchesAny(policy.exclude, key)) return undefined;
  const merged = { ...policy.defaults };
  for (const override of policy.overrides) {
    if (!matchesAny(override.keys, key)) continue;
    merged.sensitivity = override.sensitivity ?? merged.sensitivity;
    merged.pageUsdPerHour = override.pageUsdPerHour ?? merged.pageUsdPerHour;
    merged.noticeUsdPerHour = override.noticeUsdPerHour ?? merged.noticeUsdPerHour;
  }
  return { ...merged, thresholds: policy.thresholds.filter((threshold) => matchesAny(threshold.keys, key)) };
}

/** What stands for the Region's quotas where a mute names a key. */
export const REGION_PATTERN = 'region';

/**
 * Whether one of the patterns names the key: an ARN, a pattern of ARNs such as `arn:aws:kms:*:222233334444:key/*`, a key
 * id, an alias, an alias pattern, or `*`. The Region's quotas are named by `region`, by their own name `REGION#...`, by
 * `*`, and by a pattern that names every key of their account and Region.
 */
export const matchesAny = (patterns: readonly string[], key: KeyNames): boolean =>
  patterns.some((pattern) => matchesKey(pattern, key));

function matchesKey(pattern: string, { keyArn, aliases }: KeyNames): boolean {
  if (pattern === '*' || pattern === keyArn || pattern === keyArnParts(keyArn).keyId) return true;
  if (pattern === REGION_PATTERN) return isRegionSubject(keyArn);
  if (pattern.startsWith('arn:') && pattern.includes('*')) return matchesArn(pattern, keyArn);
  if (!pattern.startsWith('alias/')) return false;
  return aliases.some((alias) => matchesWildcard(pattern, alias));
}

/** Part by part, so that no `*` reaches beyond the Region or the account it stands for. */
function matchesArn(pattern: string, keyArn: KeyArn): boolean {
  const [, partition = '', , region = '', account = '', key = ''] = pattern.split(':');
  const { region: ownRegion, account: ownAccount = '' } = targetOfSubject(keyArn);
  const isThere = matchesWildcard(region, ownRegion) && matchesWildcard(account, ownAccount);
  if (isRegionSubject(keyArn)) return isThere && key === 'key/*';
  const parts = keyArnParts(keyArn);
  return isThere && parts.partition === partition && matchesWildcard(key, `key/${parts.keyId}`);
}

function matchesWildcard(pattern: string, text: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === text;
  if (!text.startsWith(head)) return false;
  const tail = rest.pop() ?? '';
  let at = head.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - tail.length >= at && text.endsWith(tail);
}

/** The patterns of a policy that name no known key, to be reported as unresolved: a typing error must not be silent. */
export function unresolvedPatterns(policy: Policy, keys: readonly KeyNames[]): string[] {
  const patterns = [policy.thresholds, policy.overrides, policy.receivers]
    .flatMap((rules) => rules.flatMap((rule) => rule.keys ?? []))
    .concat(policy.exclude);
  return [...new Set(patterns)].filter((pattern) => !keys.some((key) => matchesKey(pattern, key)));
}
