import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type {
  IncidentStore,
  Log,
  OpenIncidents,
  UnreadableItem,
  Versioned,
  WriteOutcome,
} from '../../app/ports.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import type { IncidentRecord } from '../../domain/incident/notification.ts';
import type { KeyArn } from '../../domain/usage/key.ts';
import { binStart, DAY_SECONDS, isoTime } from '../../domain/usage/time.ts';
import { conditionally, type ItemKey, PARTITION, queryPartition, type Table } from './dynamodb-table.ts';
import { storedIncident, storedRecord } from './stored-incident.ts';
import { parseItem, storable } from './stored-item.ts';
import { putVersioned } from './versioned-put.ts';

/** Days a closed incident is kept. */
const KEPT_DAYS = 400;

const storedOpen = z.object({ version: z.int().check(z.minimum(1)), record: storedRecord });
const storedClosed = z.object({ incident: storedIncident });

/** Open incidents in the partition `OPEN`, closed ones in a partition of their key. */
export class DynamoDbIncidentStore implements IncidentStore {
  readonly #table: Table;
  readonly #log: Log;

  constructor(table: Table, log: Log) {
    this.#table = table;
    this.#log = log;
  }

  async loadOpen(): Promise<OpenIncidents> {
    const open: Versioned[] = [];
    const unreadable: UnreadableItem[] = [];
    for await (const item of queryPartition(this.#table, PARTITION.open, { consistent: true })) {
      const parsed = parseItem(storedOpen, item);
      if (parsed.kind === 'ok') open.push(parsed.value);
      else unreadable.push({ item: String(item['sk']), reason: parsed.reason });
    }
    if (unreadable.length > 0) this.#log.error('Open incidents cannot be read', { unreadable });
    return { open, unreadable };
  }

  async put(record: IncidentRecord, expectedVersion: number): Promise<WriteOutcome> {
    const key = openKey(record.incident.keyArn);
    return putVersioned(this.#table, key, { record: storable(record) }, expectedVersion);
  }

  async archive(incident: Incident): Promise<void> {
    const endedAt = binStart(incident.endedBin ?? incident.lastTransitionBin);
    await this.#table.client.send(
      new PutCommand({
        TableName: this.#table.name,
        Item: {
          pk: PARTITION.closed(incident.keyArn),
          sk: `${CLOSED}${isoTime(binStart(incident.openedBin))}`,
          expiresAt: endedAt + KEPT_DAYS * DAY_SECONDS,
          incident: storable(incident),
        },
      }),
    );
  }

  async remove(keyArn: KeyArn, expectedVersion: number): Promise<WriteOutcome> {
    return conditionally(
      this.#table.client.send(
        new DeleteCommand({
          TableName: this.#table.name,
          Key: openKey(keyArn),
          ConditionExpression: 'attribute_not_exists(pk) OR #version = :expected',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':expected': expectedVersion },
        }),
      ),
    );
  }

  async closed(keyArn: KeyArn, limit: number): Promise<Incident[]> {
    const incidents: Incident[] = [];
    if (limit <= 0) return incidents;
    const items = queryPartition(this.#table, PARTITION.closed(keyArn), {
      prefix: CLOSED,
      newestFirst: true,
      pageSize: limit,
    });
    for await (const item of items) {
      const parsed = parseItem(storedClosed, item);
      if (parsed.kind === 'ok') incidents.push(parsed.value.incident);
      else
        this.#log.warn('A closed incident cannot be read', {
          keyArn,
          item: item['sk'],
          reason: parsed.reason,
        });
      if (incidents.length === limit) break;
    }
    return incidents;
  }
}

const CLOSED = 'INCIDENT#';

const openKey = (keyArn: KeyArn): ItemKey => ({ pk: PARTITION.open, sk: keyArn });
