import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { installDetector } from '../../infra/local/install-detector.ts';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import { DynamoDbBaselineStore } from '../../shared/adapters/aws/dynamodb-baseline-store.ts';
import { DynamoDbKeyFactsStore } from '../../shared/adapters/aws/dynamodb-key-facts-store.ts';
import { openTable } from '../../shared/adapters/aws/dynamodb-table.ts';
import { MemoryLog } from '../../shared/adapters/memory/memory-log.ts';
import type { RunReport } from '../../shared/domain/run-report.ts';
import { isoTime } from '../../shared/domain/usage/time.ts';
import { type LargeAccount, largeAccount, OPERATIONS } from './account.ts';
import { type Container, startContainer } from './container.ts';
import { beLikeAws } from './rates.ts';

/** What the template gives the function. */
export const MEMORY_MEGABYTES = 1024;
export const TIMEOUT_SECONDS = 240;

const SETTLE_SECONDS = 180;
const SCHEDULE_SECONDS = 300;

/** What one scheduled check took. */
export interface Check {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly megabytes: number;
  /** Calls by IAM action, repeated ones included. */
  readonly calls: Readonly<Record<string, number>>;
  readonly report: RunReport;
}

/** The checks of one account: the one that lists everything, as once an hour, and one in between. */
export interface Measured {
  readonly series: number;
  readonly hourly: Check;
  readonly ordinary: Check;
}

/** Deploys the built bundle into an account of this size and runs the schedule. */
export async function measure(keys: number): Promise<Measured> {
  const account = largeAccount(keys);
  const aws = await startLocalAws({ world: account.world });
  try {
    const { environment, tableName } = await installDetector(aws);
    await store(aws, tableName, account);
    beLikeAws(aws);
    const settings = { LOG_LEVEL: 'ERROR', POWERTOOLS_METRICS_DISABLED: 'true', MONTHLY_USD_CAP: '1000000' };
    const container = startContainer(
      { ...environment, ...settings },
      { memoryMegabytes: MEMORY_MEGABYTES, timeoutSeconds: TIMEOUT_SECONDS },
    );
    try {
      const at = (account.throughHour + 2) * 3600 + SETTLE_SECONDS;
      const hourly = await check(aws, container, at);
      // The second one reads eight weeks of a few keys for the report of the first day, which comes once.
      await check(aws, container, at + SCHEDULE_SECONDS);
      const ordinary = await check(aws, container, at + 2 * SCHEDULE_SECONDS);
      return { series: keys * OPERATIONS.length, hourly, ordinary };
    } finally {
      container.stop();
    }
  } finally {
    await aws.close();
  }
}

async function store(
  aws: LocalAws,
  tableName: string,
  { baselines, directory }: LargeAccount,
): Promise<void> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: aws.endpoint, region: aws.world.region, credentials });
  const table = openTable(client, tableName);
  const log = new MemoryLog();
  await new DynamoDbKeyFactsStore(table, log).save(directory);
  const baselineStore = new DynamoDbBaselineStore(table, log);
  const never = aws.clock.now() + 1e8;
  let together: Promise<unknown>[] = [];
  for (const key of baselines()) {
    together.push(baselineStore.save(key, never));
    if (together.length < 100) continue;
    await Promise.all(together);
    together = [];
  }
  await Promise.all(together);
  client.destroy();
}

async function check(aws: LocalAws, container: Container, at: number): Promise<Check> {
  aws.clock.set(at);
  const before = aws.calls.length;
  const { answer, ...taken } = await container.invoke({ action: 'check', scheduledTime: isoTime(at) });
  const { report } = answer as { report?: RunReport };
  if (!report) throw new Error(`the check failed: ${JSON.stringify(answer)}`);
  const calls: Record<string, number> = {};
  for (const { action } of aws.calls.slice(before)) calls[action] = (calls[action] ?? 0) + 1;
  return { ...taken, calls, report };
}
