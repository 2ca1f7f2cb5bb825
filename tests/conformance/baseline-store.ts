import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { DynamoDbBaselineStore } from '../../shared/adapters/aws/dynamodb-baseline-store.ts';
import { PARTITION } from '../../shared/adapters/aws/dynamodb-table.ts';
import { MemoryLog } from '../../shared/adapters/memory/memory-log.ts';
import type { KeyArn } from '../../shared/domain/usage/key.ts';
import { shardOf } from '../../shared/domain/usage/shard.ts';
import type { OpenedBaselineStore } from '../contract/baseline-store.contract.ts';
import { createTable } from '../contract/dynamodb.ts';

const keyOf = (keyArn: KeyArn) => ({ pk: PARTITION.baselines(shardOf(keyArn)), sk: keyArn });

/** A store of baselines in a fresh table of whatever speaks DynamoDB there. */
export async function openBaselineStore(endpoint: string): Promise<OpenedBaselineStore> {
  const { table, close } = await createTable(endpoint);
  return {
    store: new DynamoDbBaselineStore(table, new MemoryLog()),
    close,
    async putBytes(keyArn, operation, bytes) {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keyOf(keyArn),
          UpdateExpression: 'SET operations.#operation = :entry',
          ExpressionAttributeNames: { '#operation': operation },
          ExpressionAttributeValues: { ':entry': { baseline: bytes } },
        }),
      );
    },
    async bytesOf(keyArn, operation) {
      const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: keyOf(keyArn) }));
      return Item?.['operations'][operation]?.baseline;
    },
  };
}
