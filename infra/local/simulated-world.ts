import { FLEET, type KeyPlan, RE_ENCRYPT } from './fleet.ts';
import { type GeneratedCounter, generatedCounter, type Usage } from './generated-counter.ts';
import { seedOf, uuid } from './random.ts';
import type { RunawayScript } from './runaway.ts';
import { callersDuring } from './runaway-callers.ts';
import { emptyWorld, type World, type WorldKey, type WorldSeries } from './world.ts';
import { usualCallers } from './world-callers.ts';
import type { WorldSwitches } from './world-switches.ts';

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 86_400;
const FOREIGN_ACCOUNT_ID = '444455556666';

/** What a simulated account is like. Equal options make equal accounts. */
export interface WorldOptions {
  /** Epoch seconds at which the story starts; the history lies before it. */
  readonly startsAt: number;
  /** @default 1 */
  readonly seed?: number;
  /** Age of the oldest keys' use. @default 58, eight weeks and two days */
  readonly historyDays?: number;
  /** @default 40 */
  readonly keys?: number;
  readonly runaways?: readonly RunawayScript[];
  readonly switches?: Partial<WorldSwitches>;
  readonly accountId?: string;
  readonly region?: string;
}

/** A world in which things can still go wrong. */
export interface SimulatedWorld extends World {
  addRunaway(script: RunawayScript): void;
}

interface GeneratedSeries extends WorldSeries {
  readonly counter: GeneratedCounter;
  readonly runaways: RunawayScript[];
}

/** A simulated account, made up from its seed as it is read. */
export function createWorld(options: WorldOptions): SimulatedWorld {
  const base = emptyWorld(options);
  const seed = seedOf(`${base.accountId} ${base.region}`, options.seed ?? 1);
  const historyStart = options.startsAt - (options.historyDays ?? 58) * DAY_SECONDS;
  const plans = planKeys(options.keys ?? FLEET.length);
  const keys = plans.map((plan, index) => makeKey(plan, index, base, seed, historyStart));
  const series: GeneratedSeries[] = [];

  const addSeries = (
    keyNames: readonly string[],
    key: WorldKey,
    plan: KeyPlan,
    operation: string,
    load: Partial<Usage>,
  ) => {
    const name = `${keyNames.join(' ')} ${operation}`;
    const usage: Usage = {
      shape: plan.shape,
      requestsPerSecond: plan.operations[operation] ?? 0,
      timeZone: plan.timeZone ?? 'centralEurope',
      patternSeed: seedOf(key.keyId, seed),
      seed: seedOf(name, seed),
      bornAt:
        plan.bornHoursAgo === undefined ? historyStart : options.startsAt - plan.bornHoursAgo * HOUR_SECONDS,
      anchor: options.startsAt,
      ...load,
    };
    const counter = generatedCounter(usage);
    const runaways: RunawayScript[] = [];
    const usual = usualCallers(plan.name, base.accountId, base.region);
    const added: GeneratedSeries = {
      dimensions: dimensionsOf(keyNames, operation),
      ownerAccountId: key.ownerAccountId,
      callerAccountId: plan.usedByForeigners ? FOREIGN_ACCOUNT_ID : base.accountId,
      keySpec: key.keySpec,
      counter,
      runaways,
      callers: callersDuring(runaways, counter, generatedCounter(usage), usual),
    };
    series.push(added);
    return added;
  };

  plans.forEach((plan, index) => {
    const key = keys[index];
    if (!key) return;
    for (const operation of Object.keys(plan.operations)) addSeries([key.arn], key, plan, operation, {});
    const destination = keys[plans.findIndex(({ name }) => name === RE_ENCRYPT.destination)];
    if (plan.name !== RE_ENCRYPT.source || !destination) return;
    const { requestsPerSecond } = RE_ENCRYPT;
    addSeries([key.arn, destination.arn], key, plan, 'ReEncrypt', { requestsPerSecond });
  });

  const addRunaway = (script: RunawayScript): void => {
    const index = keys.findIndex(
      ({ arn, aliases }) => arn === script.keyArn || aliases.includes(script.keyAlias ?? ''),
    );
    const key = keys[index];
    const plan = plans[index];
    if (!key || !plan)
      throw new RangeError(`No key ${script.keyArn ?? script.keyAlias ?? ''} in this world.`);
    const wanted = JSON.stringify(dimensionsOf([key.arn], script.operation));
    const known = series.find(({ dimensions }) =>
      script.operation === 'ReEncrypt'
        ? dimensions[0]?.Value === key.arn && dimensions.length === 3
        : JSON.stringify(dimensions) === wanted,
    );
    // A key can be re-encrypted with itself, which is what a runaway does that has no other key.
    const keyNames = script.operation === 'ReEncrypt' ? [key.arn, key.arn] : [key.arn];
    const target =
      known ?? addSeries(keyNames, key, plan, script.operation, { shape: undefined, bornAt: script.from });
    target.counter.addRunaway(script);
    target.runaways.push(script);
  };
  for (const script of options.runaways ?? []) addRunaway(script);

  return Object.assign(base, { keys, series, addRunaway });
}

function dimensionsOf(keyArns: readonly string[], operation: string) {
  const [first = '', second] = keyArns;
  const keys =
    second === undefined
      ? [{ Name: 'KeyArn', Value: first }]
      : [
          { Name: 'SourceKeyArn', Value: first },
          { Name: 'DestinationKeyArn', Value: second },
        ];
  return [...keys, { Name: 'Operation', Value: operation }];
}

/** The fleet, cut short or repeated under numbered names. */
function planKeys(count: number): KeyPlan[] {
  return Array.from({ length: count }, (_, index) => {
    const plan = FLEET[index % FLEET.length];
    if (!plan) throw new RangeError('The fleet is empty.');
    const round = Math.floor(index / FLEET.length);
    if (round === 0) return plan;
    // There is only one of each of AWS's own keys in an account.
    const name = plan.name?.replace('aws/', 'was-aws-');
    return { ...plan, name: name === undefined ? undefined : `${name}-${round + 1}` };
  });
}

function makeKey(plan: KeyPlan, index: number, world: World, seed: number, historyStart: number): WorldKey {
  const id = uuid(seedOf(`key ${index}`, seed));
  const keyId = plan.multiRegion ? `mrk-${id.replaceAll('-', '')}` : id;
  const ownerAccountId = plan.foreign ? FOREIGN_ACCOUNT_ID : world.accountId;
  const isAwsManaged = plan.name?.startsWith('aws/') ?? false;
  const description = isAwsManaged
    ? `Default key that protects my ${plan.name?.slice(4)} data when no other key is defined`
    : (plan.name ?? '');
  return {
    arn: `arn:aws:kms:${world.region}:${ownerAccountId}:key/${keyId}`,
    keyId,
    ownerAccountId,
    aliases: plan.name === undefined ? [] : [`alias/${plan.name}`],
    manager: isAwsManaged ? 'AWS' : 'CUSTOMER',
    keySpec: plan.keySpec ?? 'SYMMETRIC_DEFAULT',
    description,
    createdAt:
      plan.bornHoursAgo === undefined
        ? historyStart - 200 * DAY_SECONDS
        : world.startsAt - plan.bornHoursAgo * HOUR_SECONDS,
    multiRegion: plan.multiRegion ?? false,
    state: 'Enabled',
  };
}
