import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDetectorTable } from '../../infra/local/install-detector.ts';
import { openTable, type Table } from '../../shared/adapters/aws/dynamodb-table.ts';

let tables = 0;

/** A fresh table of the detector's shape, on whatever speaks DynamoDB at the endpoint. */
export async function createTable(endpoint: string): Promise<{ table: Table; close(): Promise<void> }> {
  const client = new DynamoDBClient({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIALOCAL', secretAccessKey: 'local' },
  });
  const TableName = `contract-${process.pid}-${++tables}`;
  await createDetectorTable(client, TableName);
  return {
    table: openTable(client, TableName),
    close: async () => {
      await client.send(new DeleteTableCommand({ TableName }));
      client.destroy();
    },
  };
}
