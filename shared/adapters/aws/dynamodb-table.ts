import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { WriteOutcome } from '../../app/ports.ts';
import type { KeyArn } from '../../domain/usage/key.ts';

/** The one table, with the string keys `pk` and `sk` and its time to live on `expiresAt`. */
export interface Table {
  readonly client: DynamoDBDocumentClient;
  readonly name: string;
}

/** An item as read: nothing is known of it but its keys' names. */
export type StoredItem = Readonly<Record<string, unknown>>;

/** Primary key of an item. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** The partitions of the table. */
export const PARTITION = {
  open: 'OPEN',
  run: 'RUN',
  facts: 'FACTS',
  command: 'COMMAND',
  notices: 'NOTICE',
  baselines: (shard: number) => `BASELINE#${shard}`,
  closed: (keyArn: KeyArn) => `KEY#${keyArn}`,
  shard: (shard: number) => `SHARD#${shard}`,
} as const;

/**
 * The table behind a client. Numbers are read as JavaScript's, however large, because one that cannot be
 * represented would make its whole page unreadable.
 */
export const openTable = (client: DynamoDBClient, name: string): Table => ({
  name,
  client: DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true, allowImpreciseNumbers: true },
    unmarshallOptions: { wrapNumbers: Number },
  }),
});

/** How a partition is read. */
export interface QueryOptions {
  /** Sees every write that has been answered, at twice the price. @default false */
  readonly consistent?: boolean;
  /** Descending sort keys. @default false */
  readonly newestFirst?: boolean;
  /** Items a page may have. @default as many as fit in 1 MB */
  readonly pageSize?: number;
  /** Only sort keys that begin so. */
  readonly prefix?: string;
  /** Only these attributes. */
  readonly attributes?: readonly string[];
}

/** All items of a partition, page after page. */
export async function* queryPartition(
  table: Table,
  pk: string,
  options: QueryOptions = {},
): AsyncGenerator<StoredItem> {
  const { prefix, attributes, pageSize } = options;
  const pages = paginateQuery(
    { client: table.client },
    {
      TableName: table.name,
      KeyConditionExpression: prefix ? '#pk = :pk AND begins_with(#sk, :prefix)' : '#pk = :pk',
      ExpressionAttributeNames: {
        '#pk': 'pk',
        ...(prefix ? { '#sk': 'sk' } : {}),
        ...Object.fromEntries((attributes ?? []).map((name, i) => [`#a${i}`, name])),
      },
      ExpressionAttributeValues: { ':pk': pk, ...(prefix ? { ':prefix': prefix } : {}) },
      ...(attributes ? { ProjectionExpression: attributes.map((_, i) => `#a${i}`).join(', ') } : {}),
      ...(pageSize ? { Limit: pageSize } : {}),
      ConsistentRead: options.consistent ?? false,
      ScanIndexForward: !options.newestFirst,
    },
  );
  for await (const page of pages) yield* page.Items ?? [];
}

/** The outcome of a write with a condition; other failures are thrown. */
export async function conditionally(write: Promise<unknown>): Promise<WriteOutcome> {
  try {
    await write;
    return 'written';
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return 'conflict';
    throw error;
  }
}
