import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { LeaseOutcome, Log, RunStore } from '../../app/ports.ts';
import type { BudgetUse } from '../../domain/incident/alert-budget.ts';
import type { RunReport } from '../../domain/run-report.ts';
import type { EpochSeconds } from '../../domain/usage/time.ts';
import { boundedReport } from '../bounded-report.ts';
import { conditionally, PARTITION, type Table } from './dynamodb-table.ts';
import { parseItem, type ShapeOf, storable, storedNumber } from './stored-item.ts';
import { storedReport } from './stored-report.ts';

const storedLast = z.object({ report: storedReport });
const storedDiscovery = z.object({ at: storedNumber });
const storedBudget = z.object({
  hour: z.int(),
  sent: z.record(z.string(), z.int()),
} satisfies ShapeOf<BudgetUse>);

/** The lease, the last report, the time of the last full listing and the alert budget: items of the partition `RUN`. */
export class DynamoDbRunStore implements RunStore {
  readonly #table: Table;
  readonly #log: Log;

  constructor(table: Table, log: Log) {
    this.#table = table;
    this.#log = log;
  }

  async acquireLease(runId: string, now: EpochSeconds, seconds: number): Promise<LeaseOutcome> {
    const taken = await conditionally(
      this.#table.client.send(
        new PutCommand({
          TableName: this.#table.name,
          Item: { ...itemKey('LEASE'), runId, expiresAt: now + seconds },
          ConditionExpression: 'attribute_not_exists(pk) OR #expiresAt <= :now OR #runId = :me',
          ExpressionAttributeNames: { '#expiresAt': 'expiresAt', '#runId': 'runId' },
          ExpressionAttributeValues: { ':now': now, ':me': runId },
        }),
      ),
    );
    if (taken === 'written') return { held: true };
    const holder = (await this.#read('LEASE'))?.['runId'];
    return { held: false, by: typeof holder === 'string' ? holder : 'a run that has just ended' };
  }

  async releaseLease(runId: string): Promise<void> {
    await conditionally(
      this.#table.client.send(
        new DeleteCommand({
          TableName: this.#table.name,
          Key: itemKey('LEASE'),
          ConditionExpression: '#runId = :me',
          ExpressionAttributeNames: { '#runId': 'runId' },
          ExpressionAttributeValues: { ':me': runId },
        }),
      ),
    );
  }

  async lastReport(): Promise<RunReport | undefined> {
    return (await this.#readAs('LAST', storedLast))?.report;
  }

  async saveReport(report: RunReport): Promise<void> {
    await this.#write('LAST', { report: storable(boundedReport(report)) });
  }

  async lastDiscovery(): Promise<EpochSeconds | undefined> {
    return (await this.#readAs('DISCOVERY', storedDiscovery))?.at;
  }

  async saveDiscovery(at: EpochSeconds): Promise<void> {
    await this.#write('DISCOVERY', { at });
  }

  async budgetUse(): Promise<BudgetUse | undefined> {
    return this.#readAs('BUDGET', storedBudget);
  }

  async saveBudgetUse({ hour, sent }: BudgetUse): Promise<void> {
    await this.#write('BUDGET', { hour, sent });
  }

  async #write(sk: string, attributes: Record<string, unknown>): Promise<void> {
    await this.#table.client.send(
      new PutCommand({ TableName: this.#table.name, Item: { ...itemKey(sk), ...attributes } }),
    );
  }

  async #read(sk: string): Promise<Record<string, unknown> | undefined> {
    const { Item } = await this.#table.client.send(
      new GetCommand({ TableName: this.#table.name, Key: itemKey(sk), ConsistentRead: true }),
    );
    return Item;
  }

  /** The item, parsed; one that cannot be read counts as absent, because the next run writes it anew. */
  async #readAs<T>(sk: string, schema: z.ZodMiniType<T>): Promise<T | undefined> {
    const item = await this.#read(sk);
    if (!item) return undefined;
    const parsed = parseItem(schema, item);
    if (parsed.kind === 'ok') return parsed.value;
    this.#log.warn('A stored item cannot be read and counts as absent', {
      item: `RUN/${sk}`,
      reason: parsed.reason,
    });
    return undefined;
  }
}

const itemKey = (sk: string) => ({ pk: PARTITION.run, sk });
