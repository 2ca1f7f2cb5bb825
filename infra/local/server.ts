import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClock, type LocalClock } from './clock.ts';
import { createCloudTrail, type LocalCloudTrail } from './cloudtrail.ts';
import { createCloudWatch, type LocalCloudWatch } from './cloudwatch.ts';
import { createDispatcher, type Outcome, type RecordedCall } from './dispatcher.ts';
import { createDynamoDb } from './dynamodb.ts';
import { createEventBridge, type LocalEventBridge } from './eventbridge.ts';
import { createFaults, type FaultSource, type Faults } from './faults.ts';
import { inEachWorld } from './in-each-world.ts';
import { createKms, type LocalKms } from './kms.ts';
import { createLambda, type LocalLambda } from './lambda.ts';
import { createPagerDuty, type LocalPagerDuty } from './pagerduty.ts';
import { createSecretsManager, type LocalSecrets } from './secrets-manager.ts';
import { createServiceQuotas, type LocalServiceQuotas } from './service-quotas.ts';
import { createSlack, type LocalSlack } from './slack.ts';
import { createSlackApi, type LocalSlackApi } from './slack-api.ts';
import { createSns, type LocalSns } from './sns.ts';
import { createSts, type LocalSts } from './sts.ts';
import { emptyWorld, type World } from './world.ts';

/** A running embedded AWS. */
export interface LocalAws {
  readonly endpoint: string;
  readonly port: number;
  /** Environment variables that point an AWS SDK here. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: LocalClock;
  readonly world: World;
  readonly cloudwatch: LocalCloudWatch;
  readonly cloudtrail: LocalCloudTrail;
  readonly kms: LocalKms;
  readonly sns: LocalSns;
  readonly sts: LocalSts;
  readonly secrets: LocalSecrets;
  readonly quotas: LocalServiceQuotas;
  readonly slack: LocalSlack;
  readonly slackApi: LocalSlackApi;
  readonly pagerduty: LocalPagerDuty;
  readonly events: LocalEventBridge;
  readonly lambda: LocalLambda;
  readonly faults: Faults;
  /** Every call so far, also those that failed. */
  readonly calls: RecordedCall[];
  close(): Promise<void>;
}

export interface LocalAwsOptions {
  /** @default 0, a free one */
  readonly port?: number;
  /** @default an account without use of KMS */
  readonly world?: World;
  /** Other accounts and Regions; those of other accounts share their metrics with the first one. @default none */
  readonly otherWorlds?: readonly World[];
  /** @default stands at the start of the world if one is given, runs with the wall clock otherwise */
  readonly clock?: LocalClock;
  /**
   * Whether answers carry the date of this clock. An SDK whose own clock differs by five minutes takes itself for wrong,
   * and asks again what was refused. @default false: the machine's date
   */
  readonly datedByClock?: boolean;
  /** Of the empty world; a given world has its own. */
  readonly region?: string;
  readonly accountId?: string;
}

/** Starts all services on one port of 127.0.0.1. */
export async function startLocalAws(options: LocalAwsOptions = {}): Promise<LocalAws> {
  const world = options.world ?? emptyWorld(options);
  const clock = options.clock ?? createClock(world.startsAt > 0 ? world.startsAt : undefined);
  const faults = createFaults();
  const calls: RecordedCall[] = [];
  const otherWorlds = options.otherWorlds ?? [];
  const { cloudwatch, cloudtrail, kms, quotas, ...home } = servicesOf(world, otherWorlds, clock, faults);
  const others = otherWorlds.map((other) => servicesOf(other, otherWorlds, clock, faults));
  // Simulated hours pass in seconds there, too.
  for (const other of others) other.cloudtrail.requestsPerSecond = Number.POSITIVE_INFINITY;
  const { service: snsService, sns } = createSns(world, clock);
  const { service: eventsService, events } = createEventBridge(world, clock);
  const { service: secretsService, secrets } = createSecretsManager(world, clock);
  const { service: stsService, sts } = createSts(clock);
  const { service: lambdaService, lambda } = createLambda();
  // Longer than clients keep idle connections, so that none is closed under a request.
  const server = createServer({ keepAliveTimeout: 120_000 });
  server.listen(options.port ?? 0, '127.0.0.1');
  await new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject));
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  const { slack, service: slackService } = createSlack(endpoint, clock);
  const { slackApi, service: slackApiService } = createSlackApi(endpoint, clock);
  const { pagerduty, service: pagerDutyService } = createPagerDuty(endpoint, clock);
  const dispatch = createDispatcher({
    services: [
      ...home.services.map((service, i) =>
        inEachWorld(
          { world, service },
          others.map((other) => ({ world: other.world, service: other.services[i] ?? service })),
        ),
      ),
      snsService,
      stsService,
      secretsService,
      eventsService,
    ],
    dynamodb: createDynamoDb(world),
    webServices: [slackService, slackApiService, pagerDutyService, lambdaService],
    faults,
    clock,
    calls,
  });
  server.on('request', (request, response) => {
    dispatch(request).then(
      (outcome) => send(response, outcome, options.datedByClock ? clock.now() : Date.now() / 1000),
      () => response.destroy(),
    );
  });

  return {
    endpoint,
    port,
    environment: environmentFor(endpoint, world.region),
    clock,
    world,
    cloudwatch,
    cloudtrail,
    kms,
    sns,
    sts,
    secrets,
    quotas,
    slack,
    slackApi,
    pagerduty,
    events,
    lambda,
    faults,
    calls,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** What every account has in every Region of its own. Of the same Region, the worlds of other accounts share their metrics. */
function servicesOf(world: World, otherWorlds: readonly World[], clock: LocalClock, faults: FaultSource) {
  const linked = otherWorlds.filter(
    ({ accountId, region }) => accountId !== world.accountId && region === world.region,
  );
  const { service: cloudwatchService, cloudwatch } = createCloudWatch(world, clock, faults, linked);
  const { service: cloudtrailService, cloudtrail } = createCloudTrail(world, clock);
  const { service: kmsService, kms } = createKms(world, (keyArn) => cloudtrail.lastUse(keyArn, clock.now()));
  const { service: quotasService, quotas } = createServiceQuotas(world);
  const services = [cloudwatchService, cloudtrailService, kmsService, quotasService];
  return { world, cloudwatch, cloudtrail, kms, quotas, services };
}

function send(response: ServerResponse, outcome: Outcome, now: number): void {
  if (outcome === 'timeout') return;
  if (outcome === 'drop') {
    response.destroy();
    return;
  }
  response.writeHead(outcome.status, {
    ...outcome.headers,
    'content-length': Buffer.byteLength(outcome.body),
    date: new Date(now * 1000).toUTCString(),
  });
  response.end(outcome.body);
}

const environmentFor = (endpoint: string, region: string): Record<string, string> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_ACCESS_KEY_ID: 'AKIALOCALLOCALLOCAL0',
  AWS_SECRET_ACCESS_KEY: 'local-only',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
});
