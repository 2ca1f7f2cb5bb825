import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { Log, ShardListing, ShardPart, ShardStore } from '../../app/ports.ts';
import { QUOTA_GROUPS } from '../../domain/assess/quota.ts';
import type { BusiestKeys, KeyShare } from '../../domain/assess/region-use.ts';
import type { RegionPart } from '../../domain/incident/region-part.ts';
import type { Target } from '../../domain/usage/key.ts';
import { DAY_SECONDS, type EpochSeconds, isoTime } from '../../domain/usage/time.ts';
import { boundedReport } from '../bounded-report.ts';
import { PARTITION, queryPartition, type StoredItem, type Table } from './dynamodb-table.ts';
import { parseItem, type ShapeOf, storable, storedKeyArn, storedNumber } from './stored-item.ts';
import { storedReport } from './stored-report.ts';

/** Metrics in one item: compressed they are about a tenth of the 400 KB that an item may have. */
const METRICS_AN_ITEM = 5000;

/** Sort keys of the parts: the moment of their check follows, which sorts as text. */
const PART = 'PART#';

/** A part is needed by its own check, and as the last one known by the next checks: also after a day of trouble. */
const PARTS_KEPT_SECONDS = 2 * DAY_SECONDS;

const account = z.exactOptional(z.string());

const storedMetric = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('key'), keyArn: storedKeyArn, operation: z.string(), account }),
  z.object({ kind: z.literal('reEncrypt'), source: storedKeyArn, destination: storedKeyArn, account }),
]);

const storedListing = z.object({ at: storedNumber, items: z.int(), metrics: z.array(storedMetric) });

const numbers = z.array(storedNumber);
const keyShare = z.object({
  keyArn: storedKeyArn,
  name: z.string(),
  share: storedNumber,
} satisfies ShapeOf<KeyShare>);
const groupPart = z.object({
  group: z.enum(QUOTA_GROUPS),
  requests: numbers,
  series: numbers,
  unread: numbers,
  usual: numbers,
  paged: numbers,
  busiest: z.array(z.object({ keys: z.array(keyShare), others: z.int() } satisfies ShapeOf<BusiestKeys>)),
} satisfies ShapeOf<RegionPart['groups'][number]>);

const storedPart = z.object({
  report: storedReport,
  regions: z.array(
    z.object({
      target: z.object({ region: z.string(), account } satisfies ShapeOf<Target>),
      seriesRead: z.int(),
      startBin: z.int(),
      endBin: z.int(),
      inViewFrom: z.exactOptional(z.int()),
      isUnread: z.boolean(),
      groups: z.array(groupPart),
    } satisfies ShapeOf<RegionPart>),
  ),
} satisfies ShapeOf<ShardPart>);

const storedItem = z.object({ json: z.instanceof(Uint8Array) });

/** What the steps of a divided check hand on: compressed JSON in the partitions `SHARD#<n>`. */
export class DynamoDbShardStore implements ShardStore {
  readonly #table: Table;
  readonly #log: Log;

  constructor(table: Table, log: Log) {
    this.#table = table;
    this.#log = log;
  }

  async saveListing(shard: number, { at, metrics }: ShardListing): Promise<void> {
    const items = Math.max(1, Math.ceil(metrics.length / METRICS_AN_ITEM));
    for (let n = 0; n < items; n++) {
      const own = metrics.slice(n * METRICS_AN_ITEM, (n + 1) * METRICS_AN_ITEM);
      await this.#write(shard, `LISTED#${n}`, { at, items, metrics: own });
    }
  }

  async loadListing(shard: number): Promise<ShardListing | undefined> {
    const first = await this.#read(shard, 'LISTED#0', storedListing);
    if (!first) return undefined;
    const metrics = [...first.metrics];
    for (let n = 1; n < first.items; n++)
      metrics.push(...((await this.#read(shard, `LISTED#${n}`, storedListing))?.metrics ?? []));
    return { at: first.at, metrics };
  }

  async savePart(shard: number, { report, regions }: ShardPart): Promise<void> {
    const expiresAt = Math.floor(Date.parse(report.asOf) / 1000) + PARTS_KEPT_SECONDS;
    await this.#write(shard, PART + report.asOf, { report: boundedReport(report), regions }, { expiresAt });
  }

  async loadPart(shard: number, asOf: EpochSeconds): Promise<ShardPart | undefined> {
    return this.#read(shard, PART + isoTime(asOf), storedPart);
  }

  async loadLastPart(shard: number): Promise<ShardPart | undefined> {
    const newest = { prefix: PART, newestFirst: true, pageSize: 1, consistent: true };
    for await (const item of queryPartition(this.#table, PARTITION.shard(shard), newest))
      return this.#parse(item, storedPart);
    return undefined;
  }

  async #write(shard: number, sk: string, value: unknown, attributes: StoredItem = {}): Promise<void> {
    const json = await promisify(gzip)(JSON.stringify(storable(value)));
    const Item = { pk: PARTITION.shard(shard), sk, json, ...attributes };
    await this.#table.client.send(new PutCommand({ TableName: this.#table.name, Item }));
  }

  async #read<T>(shard: number, sk: string, schema: z.ZodMiniType<T>): Promise<T | undefined> {
    const Key = { pk: PARTITION.shard(shard), sk };
    const { Item } = await this.#table.client.send(
      new GetCommand({ TableName: this.#table.name, Key, ConsistentRead: true }),
    );
    return Item && this.#parse(Item, schema);
  }

  /** What the item holds; one that cannot be read counts as absent, because the next check writes anew. */
  async #parse<T>(item: StoredItem, schema: z.ZodMiniType<T>): Promise<T | undefined> {
    const parsed = parseItem(storedItem, item);
    const value = parsed.kind === 'ok' ? parseItem(schema, await unpacked(parsed.value.json)) : parsed;
    if (value.kind === 'ok') return value.value;
    this.#log.warn('A stored item cannot be read and counts as absent', {
      item: `${String(item['pk'])}/${String(item['sk'])}`,
      reason: value.reason,
    });
    return undefined;
  }
}

/** The value, or undefined where the bytes are none: no schema takes that. */
const unpacked = async (bytes: Uint8Array): Promise<unknown> => {
  try {
    return JSON.parse((await promisify(gunzip)(bytes)).toString()) as unknown;
  } catch {
    return undefined;
  }
};
