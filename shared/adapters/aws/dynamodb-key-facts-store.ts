import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { KeyFactsStore, Log } from '../../app/ports.ts';
import { factsOf, type KeyDirectory, type KeyFacts } from '../../domain/assess/key-facts.ts';
import type { AppliedQuotas } from '../../domain/assess/quota.ts';
import { type KeyArn, parseKeyArn } from '../../domain/usage/key.ts';
import { PARTITION, queryPartition, type StoredItem, type Table } from './dynamodb-table.ts';
import { parseItem, type ShapeOf, storedNumber } from './stored-item.ts';

/** Bytes of text an item is filled with: half of what DynamoDB allows. */
const ITEM_BYTES = 200_000;

const ALIASES = 'ALIASES#';
const SPECS = 'SPECS#';
const QUOTAS = 'QUOTAS';
/** Of another account or Region, by `targetName`. */
const OTHER_QUOTAS = 'QUOTAS#';

const storedAliases = z.object({
  readAt: z.exactOptional(storedNumber),
  keys: z.record(z.string(), z.array(z.string())),
});

const storedSpecs = z.object({
  keys: z.record(
    z.string(),
    z.object({
      spec: z.exactOptional(z.string()),
      manager: z.exactOptional(z.enum(['CUSTOMER', 'AWS'])),
      description: z.exactOptional(z.string()),
      refusedAt: z.exactOptional(storedNumber),
      formerAliases: z.exactOptional(z.array(z.string())),
    }),
  ),
});

const storedQuotas = z.object({
  readAt: storedNumber,
  perSecond: z.object({
    symmetric: z.exactOptional(storedNumber),
    rsa: z.exactOptional(storedNumber),
    ecc: z.exactOptional(storedNumber),
    mlDsa: z.exactOptional(storedNumber),
  } satisfies ShapeOf<AppliedQuotas['perSecond']>),
} satisfies ShapeOf<AppliedQuotas>);

/** Quotas, aliases and specs in the partition `FACTS`, in as many items of the last two as their text needs. */
export class DynamoDbKeyFactsStore implements KeyFactsStore {
  readonly #table: Table;
  readonly #log: Log;

  constructor(table: Table, log: Log) {
    this.#table = table;
    this.#log = log;
  }

  async load(): Promise<KeyDirectory> {
    const keys = new Map<KeyArn, KeyFacts>();
    const readAt: number[] = [];
    let quotas: AppliedQuotas | undefined;
    const otherQuotas = new Map<string, AppliedQuotas>();
    for await (const item of queryPartition(this.#table, PARTITION.facts)) {
      const name = String(item['sk']);
      if (name.startsWith(SPECS)) this.#addSpecs(keys, item);
      else if (name.startsWith(ALIASES)) readAt.push(...this.#addAliases(keys, item));
      else if (name === QUOTAS) quotas = this.#quotasOf(item);
      else if (name.startsWith(OTHER_QUOTAS)) {
        const other = this.#quotasOf(item);
        if (other) otherQuotas.set(name.slice(OTHER_QUOTAS.length), other);
      }
    }
    return {
      keys,
      ...(readAt.length > 0 ? { aliasesReadAt: Math.min(...readAt) } : {}),
      ...(quotas ? { quotas } : {}),
      ...(otherQuotas.size > 0 ? { otherQuotas } : {}),
    };
  }

  async save({ keys, aliasesReadAt, quotas, otherQuotas = new Map() }: KeyDirectory): Promise<void> {
    const facts = [...keys.values()];
    const aliases = facts.filter((key) => key.aliases.length > 0);
    const readAt = aliasesReadAt === undefined ? {} : { readAt: aliasesReadAt };
    const items: StoredItem[] = [
      ...inItems(ALIASES, aliases, (key) => key.aliases).map((item) => ({ ...item, ...readAt })),
      ...inItems(SPECS, facts, ({ keyArn, aliases: _, ...rest }) => rest),
      ...(quotas ? [{ pk: PARTITION.facts, sk: QUOTAS, ...quotas }] : []),
      ...[...otherQuotas].map(([name, other]) => ({
        pk: PARTITION.facts,
        sk: `${OTHER_QUOTAS}${name}`,
        ...other,
      })),
    ];
    for (const item of items) {
      await this.#table.client.send(new PutCommand({ TableName: this.#table.name, Item: item }));
    }
    await this.#removeOthers(new Set(items.map((item) => item['sk'])));
  }

  #addAliases(keys: Map<KeyArn, KeyFacts>, item: StoredItem): number[] {
    const parsed = parseItem(storedAliases, item);
    if (parsed.kind === 'unreadable') return this.#skip(item, parsed.reason);
    for (const [name, aliases] of Object.entries(parsed.value.keys)) {
      const keyArn = parseKeyArn(name);
      if (keyArn) keys.set(keyArn, { ...factsOf({ keys }, keyArn), aliases });
    }
    return parsed.value.readAt === undefined ? [] : [parsed.value.readAt];
  }

  #addSpecs(keys: Map<KeyArn, KeyFacts>, item: StoredItem): void {
    const parsed = parseItem(storedSpecs, item);
    if (parsed.kind === 'unreadable') {
      this.#skip(item, parsed.reason);
      return;
    }
    for (const [name, facts] of Object.entries(parsed.value.keys)) {
      const keyArn = parseKeyArn(name);
      if (keyArn) keys.set(keyArn, { ...factsOf({ keys }, keyArn), ...facts });
    }
  }

  #quotasOf(item: StoredItem): AppliedQuotas | undefined {
    const parsed = parseItem(storedQuotas, item);
    if (parsed.kind === 'ok') return parsed.value;
    this.#skip(item, parsed.reason);
    return undefined;
  }

  #skip(item: StoredItem, reason: string): never[] {
    this.#log.warn('Stored key facts cannot be read and are passed over', { item: item['sk'], reason });
    return [];
  }

  /** Items of an earlier, larger save: they would bring back what has gone. */
  async #removeOthers(kept: ReadonlySet<unknown>): Promise<void> {
    const old = queryPartition(this.#table, PARTITION.facts, { attributes: ['pk', 'sk'], consistent: true });
    for await (const { pk, sk } of old) {
      const isOurs = String(sk).startsWith(ALIASES) || String(sk).startsWith(SPECS);
      if (!isOurs || kept.has(sk)) continue;
      await this.#table.client.send(new DeleteCommand({ TableName: this.#table.name, Key: { pk, sk } }));
    }
  }
}

/** Packs entries into items, at least one, each well below the size that DynamoDB refuses. */
function inItems(prefix: string, facts: readonly KeyFacts[], entryOf: (facts: KeyFacts) => unknown) {
  let keys: Record<string, unknown> = {};
  let bytes = 0;
  const packed = [keys];
  for (const key of facts) {
    const entry = entryOf(key);
    const size = Buffer.byteLength(JSON.stringify([key.keyArn, entry]));
    if (bytes > 0 && bytes + size > ITEM_BYTES) {
      keys = {};
      packed.push(keys);
      bytes = 0;
    }
    keys[key.keyArn] = entry;
    bytes += size;
  }
  return packed.map((each, n) => ({ pk: PARTITION.facts, sk: `${prefix}${n}`, keys: each }));
}
