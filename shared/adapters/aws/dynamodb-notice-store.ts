import * as z from 'zod/mini';
import type { Log, NoticeStore, VersionedNotice, WriteOutcome } from '../../app/ports.ts';
import type { Notice } from '../../domain/notice.ts';
import type { EpochSeconds } from '../../domain/usage/time.ts';
import { PARTITION, queryPartition, type Table } from './dynamodb-table.ts';
import { parseItem, storable } from './stored-item.ts';
import { storedNotice } from './stored-notice.ts';
import { putVersioned } from './versioned-put.ts';

const storedItem = z.object({ version: z.int().check(z.minimum(1)), notice: storedNotice });

/** Notices in the partition `NOTICE`, by their id. */
export class DynamoDbNoticeStore implements NoticeStore {
  readonly #table: Table;
  readonly #log: Log;

  constructor(table: Table, log: Log) {
    this.#table = table;
    this.#log = log;
  }

  async load(): Promise<VersionedNotice[]> {
    const notices: VersionedNotice[] = [];
    for await (const item of queryPartition(this.#table, PARTITION.notices, { consistent: true })) {
      const parsed = parseItem(storedItem, item);
      if (parsed.kind === 'ok') notices.push(parsed.value);
      else this.#log.error('A notice cannot be read', { item: item['sk'], reason: parsed.reason });
    }
    return notices;
  }

  async put(notice: Notice, expectedVersion: number, expiresAt?: EpochSeconds): Promise<WriteOutcome> {
    const attributes = { notice: storable(notice), ...(expiresAt === undefined ? {} : { expiresAt }) };
    return putVersioned(this.#table, { pk: PARTITION.notices, sk: notice.id }, attributes, expectedVersion);
  }
}
