import { describe, expect, it } from 'vitest';
import { MemoryKeyLookup } from '../../../shared/adapters/memory/memory-key-lookup.ts';
import { keptByTarget } from '../../../shared/adapters/routing/by-target.ts';
import {
  type Opener,
  RegionalCallerSource,
  RegionalKeyLookup,
  RegionalQuotaLookup,
} from '../../../shared/adapters/routing/regional-lookups.ts';
import type { CallerSource, KeyLookup, QuotaLookup } from '../../../shared/app/ports.ts';
import type { Callers } from '../../../shared/domain/callers/callers.ts';
import { type Target, targetName } from '../../../shared/domain/usage/key.ts';
import { aKeyArn } from '../../support/keys.ts';

const HOME = 'eu-central-1';
const AWAY = 'us-east-1';
const LAKE = '222233334444';
const SHOP = '333344445555';

const own = aKeyArn(1);
const away = aKeyArn(2, undefined, AWAY);
const lake = aKeyArn(3, LAKE, AWAY);
const shop = aKeyArn(4, SHOP, HOME);

const named = (keyArn: typeof own, alias: string, spec = 'SYMMETRIC_DEFAULT'): KeyLookup =>
  new MemoryKeyLookup([{ keyArn, aliases: [alias], spec }]);

const lookups = new Map<string, KeyLookup>([
  [targetName({ region: HOME }), named(own, 'alias/own')],
  [targetName({ region: AWAY }), named(away, 'alias/away', 'RSA_2048')],
  [targetName({ region: AWAY, account: LAKE }), named(lake, 'alias/lake', 'HMAC_256')],
]);

/** The shop has no role. */
const open: Opener<KeyLookup> = (target) => lookups.get(targetName(target));

describe('names and specs of keys in several Regions and accounts', () => {
  const directory = new RegionalKeyLookup([HOME, AWAY], open);

  it('come from all Regions of the own account, and from the targets that are asked for', async () => {
    expect(await directory.listAliases()).toEqual(
      new Map([
        [own, ['alias/own']],
        [away, ['alias/away']],
      ]),
    );
    expect(await directory.listAliases([{ region: AWAY, account: LAKE }])).toEqual(
      new Map([
        [own, ['alias/own']],
        [away, ['alias/away']],
        [lake, ['alias/lake']],
      ]),
    );
  });

  it('are not known where there is no role to look, and that is no failure', async () => {
    const told: unknown[] = [];

    const aliases = await directory.listAliases([{ region: HOME, account: SHOP }], (target) =>
      told.push(target),
    );

    expect([...aliases.keys()]).toEqual([own, away]);
    expect(told).toEqual([]);
    expect(await directory.describeKey(shop, SHOP)).toBeUndefined();
  });

  it('of an account that refuses cost the others nothing', async () => {
    const refusing: KeyLookup = {
      listAliases: () => Promise.reject(new Error('AccessDenied')),
      describeKey: () => Promise.reject(new Error('AccessDenied')),
    };
    const told: [Target, unknown][] = [];
    const partly = new RegionalKeyLookup([HOME, AWAY], (target) =>
      target.account === LAKE ? refusing : open(target),
    );

    const aliases = await partly.listAliases([{ region: AWAY, account: LAKE }], (...fault) =>
      told.push(fault),
    );

    expect([...aliases.keys()]).toEqual([own, away]);
    expect(told).toEqual([[{ region: AWAY, account: LAKE }, new Error('AccessDenied')]]);
  });

  it('are asked for in the Region of the key, in the account that counts it', async () => {
    expect(await directory.describeKey(away)).toMatchObject({ spec: 'RSA_2048' });
    expect(await directory.describeKey(lake, LAKE)).toMatchObject({ spec: 'HMAC_256' });
  });
});

describe('the quotas of several Regions and accounts', () => {
  const quotas = (symmetric: number): QuotaLookup => ({
    readQuotas: () => Promise.resolve({ symmetric }),
  });
  const lookup = new RegionalQuotaLookup(HOME, ({ account, region }) => {
    if (account === SHOP) return undefined;
    return quotas(region === HOME ? 20_000 : 100_000);
  });

  it('are those of the target, of the home Region where none is named', async () => {
    expect(await lookup.readQuotas()).toEqual({ symmetric: 20_000 });
    expect(await lookup.readQuotas({ region: AWAY, account: LAKE })).toEqual({ symmetric: 100_000 });
  });

  it('are undefined where there is no role to look', async () => {
    expect(await lookup.readQuotas({ region: HOME, account: SHOP })).toBeUndefined();
  });
});

describe('callers in several Regions and accounts', () => {
  const answer: Callers = { kind: 'unknown', why: 'nothing yet', mayCome: true };
  const asked: Target[] = [];
  const source = new RegionalCallerSource((target) => {
    asked.push(target);
    const there: CallerSource = { callersOf: () => Promise.resolve(answer) };
    return Promise.resolve(target.account === SHOP ? undefined : there);
  });
  const question = (keyArn: typeof own, account?: string) => ({
    keyArn,
    from: 0,
    to: 300,
    deadline: 600,
    ...(account === undefined ? {} : { account }),
  });

  it('are looked up where the call was made', async () => {
    expect(await source.callersOf(question(own))).toBe(answer);
    expect(await source.callersOf(question(lake, LAKE))).toBe(answer);
    expect(asked).toEqual([{ region: HOME }, { region: AWAY, account: LAKE }]);
  });

  it('stay unknown for good where there is no role, and the answer names the parameter', async () => {
    expect(await source.callersOf(question(shop, SHOP))).toEqual({
      kind: 'unknown',
      why: `keys of account ${SHOP} can be looked up with EnrichmentRoleName`,
      mayCome: false,
    });
  });
});

describe('what is kept by target', () => {
  it('is made once for each account and Region, also where it came to nothing', () => {
    const made: Target[] = [];
    const kept = keptByTarget((target) => {
      made.push(target);
      return target.account === SHOP ? undefined : { target };
    });
    const targets = [{ region: HOME }, { region: HOME, account: LAKE }, { region: HOME, account: SHOP }];

    const first = targets.map(kept);

    expect(targets.map(kept)).toEqual(first);
    expect(first[1]).toBe(kept({ account: LAKE, region: HOME }));
    expect(made).toEqual(targets);
  });
});
