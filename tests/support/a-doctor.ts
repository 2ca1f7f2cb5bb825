import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { LocalAws } from '../../infra/local/server.ts';
import {
  DEFAULT_REGION,
  emptyWorld,
  type World,
  type WorldKey,
  type WorldSeries,
} from '../../infra/local/world.ts';
import type { WorldSwitches } from '../../infra/local/world-switches.ts';
import { AwsAccountProbe } from '../../shared/adapters/aws/aws-account-probe.ts';
import { type DoctorPorts, examine } from '../../shared/app/doctor/doctor.ts';
import type { DoctorReport } from '../../shared/domain/doctor/finding.ts';
import { aKey, NOON } from '../local/a-world.ts';
import { startForTest } from '../local/clients.ts';

const OWN = '111122223333';
const STRANGER = '444455556666';

/** Keys of the account that doctors are tried on. */
export const KEYS = {
  orders: '0a1b2c3d-0000-4000-8000-00000000000a',
  resting: '0a1b2c3d-0000-4000-8000-00000000000b',
  s3: '0a1b2c3d-0000-4000-8000-00000000000c',
  archive: '0a1b2c3d-0000-4000-8000-00000000000d',
  foreign: '0a1b2c3d-0000-4000-8000-00000000000e',
} as const;

const arn = (key: keyof typeof KEYS): string =>
  `arn:aws:kms:${DEFAULT_REGION}:${key === 'foreign' ? STRANGER : OWN}:key/${KEYS[key]}`;

const named = (key: keyof typeof KEYS, alias: string, more: Partial<WorldKey> = {}): WorldKey =>
  aKey(KEYS[key], { arn: arn(key), aliases: [alias], ...more });

/** A small account in which every question can be answered, in an embedded AWS that is switched like this. */
export function anAccount(switches: Partial<WorldSwitches> = {}, more: readonly WorldSeries[] = []): World {
  return {
    ...emptyWorld({ startsAt: NOON, switches }),
    keys: [
      named('orders', 'alias/orders-api'),
      named('resting', 'alias/nightly'),
      named('s3', 'alias/aws/s3', { manager: 'AWS' }),
      named('archive', 'alias/archive'),
      aKey(KEYS.foreign, { arn: arn('foreign'), ownerAccountId: STRANGER }),
    ],
    series: [
      aSeries([arn('orders')], 'Decrypt', () => 500),
      aSeries([arn('resting')], 'GenerateDataKey', (bin) => (bin % 4 === 0 ? 40 : 0)),
      aSeries([arn('s3')], 'Decrypt', () => 90),
      aSeries([arn('archive'), arn('resting')], 'ReEncrypt', () => 20),
      { ...aSeries([arn('foreign')], 'Decrypt', () => 60), ownerAccountId: STRANGER },
      ...more,
    ],
  };
}

/** Requests of a key of this account by bin, since a time. */
export function aSeries(
  keyArns: readonly string[],
  operation: string,
  requests: (bin: number) => number,
  bornAt = NOON - 20 * 86_400,
): WorldSeries {
  const [first = '', second] = keyArns;
  const keys =
    second === undefined
      ? [{ Name: 'KeyArn', Value: first }]
      : [
          { Name: 'SourceKeyArn', Value: first },
          { Name: 'DestinationKeyArn', Value: second },
        ];
  return {
    dimensions: [...keys, { Name: 'Operation', Value: operation }],
    ownerAccountId: OWN,
    callerAccountId: OWN,
    keySpec: 'SYMMETRIC_DEFAULT',
    counter: {
      seed: 7,
      firstBin: Math.floor(bornAt / 300),
      requests: (bin) => (bin * 300 < bornAt ? Number.NaN : requests(bin)),
    },
  };
}

/** What may differ from a doctor that watches for 75 seconds. */
export interface DoctorOptions {
  readonly watchSeconds?: number;
  /** Seconds for all calls. @default 60 */
  readonly seconds?: number;
  readonly ports?: Partial<DoctorPorts>;
}

/** An embedded AWS with this account, and a doctor for it. Time passes as the doctor waits. */
export async function aDoctor(world: World) {
  const { aws, ...clients } = await startForTest({ world, datedByClock: true });
  aws.cloudtrail.requestsPerSecond = Number.POSITIVE_INFINITY;
  const serviceQuotas = quotasOf(aws);
  const ask = async ({
    watchSeconds = 75,
    seconds = 60,
    ports,
  }: DoctorOptions = {}): Promise<DoctorReport> => {
    const probe = new AwsAccountProbe({
      cloudWatch: clients.cloudwatch,
      cloudTrail: clients.cloudtrail,
      kms: clients.kms,
      serviceQuotas,
      seconds,
      spacingMs: 0,
      wallClockMs: () => aws.clock.now() * 1000,
    });
    return examine(
      {
        probe,
        receivers: [],
        now: () => aws.clock.now(),
        sleep: (seconds) => Promise.resolve(aws.clock.advance(seconds)),
        ...ports,
      },
      { region: world.region, settleSeconds: 180, watchSeconds },
    );
  };
  return { aws, ask };
}

const quotasOf = (aws: LocalAws): ServiceQuotasClient =>
  new ServiceQuotasClient({
    endpoint: aws.endpoint,
    region: aws.world.region,
    credentials: { accessKeyId: 'AKIALOCAL', secretAccessKey: 'local' },
    maxAttempts: 1,
  });

/** Answers by question. */
export const verdictsOf = ({ findings }: DoctorReport): Record<string, string> =>
  Object.fromEntries(findings.map(({ id, verdict }) => [id, verdict]));
