import type { CallerQuestion, CallerSource, KeyLookup, QuotaLookup, TargetFault } from '../../app/ports.ts';
import type { Callers } from '../../domain/callers/callers.ts';
import { type KeyArn, keyArnParts, type Target } from '../../domain/usage/key.ts';
import { askEach } from './each-region.ts';

/** Looks into a target. Undefined: another account, in which the detector has no role to look. */
export type Opener<T> = (target: Target) => T | undefined;

/** Names and specs of keys, each asked where the key is. */
export class RegionalKeyLookup implements KeyLookup {
  readonly #regions: readonly string[];
  readonly #open: Opener<KeyLookup>;

  constructor(regions: readonly string[], open: Opener<KeyLookup>) {
    this.#regions = regions;
    this.#open = open;
  }

  async listAliases(
    targets: readonly Target[] = [],
    onFault?: TargetFault,
  ): Promise<ReadonlyMap<KeyArn, readonly string[]>> {
    const own = this.#regions.map((region): Target => ({ region }));
    const list = async (target: Target): Promise<ReadonlyMap<KeyArn, readonly string[]>> =>
      (await this.#open(target)?.listAliases()) ?? new Map<KeyArn, readonly string[]>();
    const lists = await askEach([...own, ...targets], list, onFault);
    return new Map(lists.flatMap((aliases): [KeyArn, readonly string[]][] => [...aliases]));
  }

  async describeKey(keyArn: KeyArn, account?: string) {
    const target = { region: keyArnParts(keyArn).region, ...(account === undefined ? {} : { account }) };
    return this.#open(target)?.describeKey(keyArn);
  }
}

/** The quotas of each target. */
export class RegionalQuotaLookup implements QuotaLookup {
  readonly #home: string;
  readonly #open: Opener<QuotaLookup>;

  constructor(home: string, open: Opener<QuotaLookup>) {
    this.#home = home;
    this.#open = open;
  }

  async readQuotas(target: Target = { region: this.#home }) {
    return this.#open(target)?.readQuotas();
  }
}

/** Who calls a key, asked where the call was made. */
export class RegionalCallerSource implements CallerSource {
  readonly #open: (target: Target) => Promise<CallerSource | undefined>;

  constructor(open: (target: Target) => Promise<CallerSource | undefined>) {
    this.#open = open;
  }

  async callersOf(question: CallerQuestion): Promise<Callers> {
    const { account } = question;
    const target = {
      region: keyArnParts(question.keyArn).region,
      ...(account === undefined ? {} : { account }),
    };
    const source = await this.#open(target);
    return source ? source.callersOf(question) : noRole(account);
  }
}

const noRole = (account = ''): Callers => ({
  kind: 'unknown',
  why: `keys of account ${account} can be looked up with EnrichmentRoleName`,
  mayCome: false,
});
