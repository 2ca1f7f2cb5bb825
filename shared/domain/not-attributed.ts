import type { KeyFacts } from './assess/key-facts.ts';
import { HOURS_A_MONTH, PRICES } from './assess/price.ts';
import type { QuotaGroup } from './assess/quota.ts';
import type { QuotaUse } from './quota-use.ts';
import { HOUR_SECONDS } from './usage/time.ts';
import type { UsdRange } from './usd-range.ts';

/** Calls that counted against a quota beyond those that the keys' own metrics account for. */
export interface KeylessCalls {
  readonly group: QuotaGroup;
  /** All calls that AWS counted in the window. */
  readonly counted: number;
  /** Those that no key's metric accounts for: GenerateRandom, refused calls, keys counted in another account. */
  readonly calls: number;
  /** If each of them is paid for; refused calls may not be. */
  readonly usdPerMonthAtMost: number;
}

/** What a bill holds beyond the requests of the keys. */
export interface NotAttributed {
  /** Null: AWS's count of calls could not be read. */
  readonly keyless: readonly KeylessCalls[] | null;
  /** $1 a month for each customer managed key in use; keys that were not used in the window cost the same, on top. */
  readonly keyStorage: { readonly keys: number; readonly usdPerMonth: UsdRange };
  /** Worth of the free requests of a month, which all Regions share. */
  readonly freeTierUsdPerMonth: number;
}

/** Names what is not in the keys' figures, so that they meet the bill. */
export function notAttributed(
  keys: readonly KeyFacts[],
  attributed: QuotaUse,
  {
    quotaCalls,
    seconds,
  }: { readonly quotaCalls: ReadonlyMap<QuotaGroup, number> | undefined; readonly seconds: number },
): NotAttributed {
  const ours = keys.filter(({ manager }) => manager === 'CUSTOMER').length;
  const unknown = keys.filter(({ manager, aliases }) => manager === undefined && !isAwsName(aliases)).length;
  return {
    keyless: quotaCalls
      ? [...quotaCalls].map(([group, counted]) => keyless(group, counted, attributed, seconds))
      : null,
    keyStorage: {
      keys: ours + unknown,
      usdPerMonth: { low: ours * PRICES.keyMonth, high: (ours + unknown) * PRICES.keyMonth },
    },
    freeTierUsdPerMonth: PRICES.freeRequests * PRICES.symmetric,
  };
}

const isAwsName = (aliases: readonly string[]): boolean =>
  aliases.some((alias) => alias.startsWith('alias/aws/'));

function keyless(group: QuotaGroup, counted: number, attributed: QuotaUse, seconds: number): KeylessCalls {
  const ofKeys = attributed.get(group)?.reduce((sum, more) => sum + more, 0) ?? 0;
  const calls = Math.max(0, counted - ofKeys);
  const price = group === 'symmetric' ? PRICES.symmetric : PRICES.asymmetric;
  return {
    group,
    counted,
    calls,
    usdPerMonthAtMost: (calls * price * HOURS_A_MONTH * HOUR_SECONDS) / seconds,
  };
}
