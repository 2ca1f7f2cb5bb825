import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { type Random, randomFrom } from '../../../bench/detection/world/random.ts';
import type { Faults } from '../../../infra/local/faults.ts';
import type { LocalAws } from '../../../infra/local/server.ts';
import { createWorld } from '../../../infra/local/simulated-world.ts';
import type { RunReport } from '../../../shared/domain/run-report.ts';
import { DAY_SECONDS, type EpochSeconds, isoTime } from '../../../shared/domain/usage/time.ts';
import { type DeployedLambda, deployLambda } from '../../support/a-lambda.ts';
import { type Heard, heardOf } from './heard.ts';
import { type BundlePlan, KEYS, START, stormsOf } from './plan.ts';

const SETTLE_SECONDS = 180;
const PACE_SECONDS = 900;
/** Three weeks teach the usual of a week, and are quickly back-filled. */
const HISTORY_DAYS = 21;
/** Bytes that an item or a message may have: DynamoDB takes 400 KB, SNS and EventBridge 256 KB. */
const MAX_BYTES = 100_000;

/** What came of a world that the bundle watched from its start to its end. */
export interface BundlePlay {
  readonly heard: readonly Heard[];
  readonly violations: readonly string[];
  readonly runs: number;
  readonly failedRuns: number;
}

/** When the schedule runs. */
export const timesOf = (days: number): EpochSeconds[] =>
  Array.from(
    { length: Math.floor((days * DAY_SECONDS) / PACE_SECONDS) },
    (_, i) => START + SETTLE_SECONDS + i * PACE_SECONDS,
  );

/** Plays a world through the built bundle over HTTP; without a plan, nothing goes wrong. */
export async function playBundle(
  world: number,
  days: number,
  seed = 0,
  plan?: BundlePlan,
): Promise<BundlePlay> {
  const lambda = await deployLambda(
    {
      receivers: 'all',
      world: createWorld({
        startsAt: START,
        seed: world,
        keys: KEYS,
        historyDays: HISTORY_DAYS,
        runaways: stormsOf(world, days),
      }),
    },
    { ACCOUNT_NAME: 'chaos' },
  );
  try {
    return await playThrough(lambda, days, randomFrom(seed, 13), plan);
  } finally {
    await lambda.close();
  }
}

async function playThrough(
  { aws, environment, checkAt }: DeployedLambda,
  days: number,
  random: Random,
  plan: BundlePlan | undefined,
): Promise<BundlePlay> {
  const violations: string[] = [];
  let runs = 0;
  let failedRuns = 0;
  let last: RunReport | undefined;
  for (const at of timesOf(days)) {
    aws.faults.clear();
    if (plan) strike(aws, plan, at, random);
    if (plan?.missed.has(at)) continue;
    const copies = plan?.doubled.has(at) ? 2 : 1;
    const answers = await Promise.all(
      Array.from({ length: copies }, () =>
        checkAt(isoTime(at)).catch((error: unknown) => {
          failedRuns++;
          if (!plan) violations.push(`${isoTime(at)} failed without faults: ${String(error)}`);
          return undefined;
        }),
      ),
    );
    runs += copies;
    for (const answer of answers) {
      last = reportIn(answer) ?? last;
      if (last) violations.push(...miscounted(last));
    }
  }
  if (last?.keys !== KEYS) violations.push(`the last report has ${last?.keys} keys of ${KEYS}`);
  const heard = heardOf(aws);
  for (const { receiver, headline, bytes } of heard)
    if (bytes > MAX_BYTES) violations.push(`${receiver} heard "${headline}" in ${bytes} bytes`);
  violations.push(...(await storedAmiss(aws, environment['TABLE_NAME'] ?? '')));
  return { heard, violations, runs, failedRuns };
}

/** Puts what the plan does at a moment in the way of the next run. */
function strike({ faults, slack }: LocalAws, plan: BundlePlan, at: EpochSeconds, random: Random): void {
  const gone = plan.webhookGone;
  if (gone && at >= gone.from && at < gone.to) slack.revoke();
  else slack.restore();
  const death = plan.deaths.get(at);
  if (death !== undefined) dieAfter(faults, death);
  for (const { from, to, services, error, rate } of plan.windows) {
    if (at < from || at >= to) continue;
    for (const service of services)
      faults.add({ service, match: () => random.chance(rate), error, times: 'always' });
  }
}

/** Nothing that a dead process sends arrives. */
function dieAfter(faults: Faults, calls: number): void {
  let left = calls;
  faults.add({ match: () => left-- <= 0, error: 'drop', times: 'always' });
}

const reportIn = (answer: unknown): RunReport | undefined =>
  (answer as { readonly report?: RunReport } | undefined)?.report;

/** Every key of a report has one outcome. */
function miscounted({
  runId,
  asOf,
  keys,
  normal,
  breaching,
  excluded,
  notDue = 0,
  ...report
}: RunReport): string[] {
  const counted = [...Object.values(report.insufficientData), ...Object.values(report.notChecked)];
  const sum = counted.reduce((all, { count }) => all + count, normal + breaching + excluded + notDue);
  return keys === sum ? [] : [`run ${runId} of ${asOf} reports ${keys} keys, and ${sum} outcomes`];
}

/** Items that have grown too large, or that still owe somebody something. */
async function storedAmiss(aws: LocalAws, table: string): Promise<string[]> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: aws.endpoint, region: aws.world.region, credentials });
  try {
    const { Items = [] } = await client.send(new ScanCommand({ TableName: table }));
    return Items.flatMap((item) => {
      const text = JSON.stringify(item, (_, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
      );
      const name = `${item['pk']?.S} ${item['sk']?.S}`;
      return [
        ...(text.length > MAX_BYTES ? [`item ${name} has ${text.length} bytes`] : []),
        ...(/"(pending|gaveUp|noAudience)"/.test(text) && item['pk']?.S !== 'RUN'
          ? [`item ${name} still owes somebody a message`]
          : []),
      ];
    });
  } finally {
    client.destroy();
  }
}
