import { randomUUID } from 'node:crypto';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { WriteOutcome } from '../../app/ports.ts';
import { conditionally, type ItemKey, type Table } from './dynamodb-table.ts';

/** Writes an item if its stored version is still this; 0: if there is none. */
export async function putVersioned(
  table: Table,
  key: ItemKey,
  attributes: Readonly<Record<string, unknown>>,
  expectedVersion: number,
): Promise<WriteOutcome> {
  const writeId = randomUUID();
  const outcome = await conditionally(
    table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...key, version: expectedVersion + 1, writeId, ...attributes },
        ...(expectedVersion === 0
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: '#version = :expected',
              ExpressionAttributeNames: { '#version': 'version' },
              ExpressionAttributeValues: { ':expected': expectedVersion },
            }),
      }),
    ),
  );
  if (outcome === 'written') return outcome;
  return (await holds(table, key, writeId)) ? 'written' : 'conflict';
}

/**
 * Whether a refused write is our own: when the answer to a write is lost, the SDK repeats it and the repetition
 * finds the version it has written itself. Taken for a conflict, the alert would wait for the next run.
 */
async function holds(table: Table, key: ItemKey, writeId: string): Promise<boolean> {
  const { Item } = await table.client.send(
    new GetCommand({
      TableName: table.name,
      Key: key,
      ConsistentRead: true,
      ProjectionExpression: 'writeId',
    }),
  );
  return Item?.['writeId'] === writeId;
}
