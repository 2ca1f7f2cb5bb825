import { CreateTableCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { startForTest } from './clients.ts';

async function startWithTable() {
  const started = await startForTest();
  await started.dynamodb.send(
    new CreateTableCommand({
      TableName: 'state',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
    }),
  );
  return started;
}

const item = (sk: string, more: Record<string, { N: string } | { B: Uint8Array }> = {}) => ({
  TableName: 'state',
  Item: { pk: { S: 'OPEN' }, sk: { S: sk }, ...more },
});

test('a table can be written and queried on the same port', async () => {
  const { aws, dynamodb } = await startWithTable();
  await dynamodb.send(
    new PutItemCommand(item('a', { count: { N: '1' }, bytes: { B: Uint8Array.of(0, 255) } })),
  );

  const answer = await dynamodb.send(
    new QueryCommand({
      TableName: 'state',
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: 'OPEN' } },
    }),
  );

  expect(answer.Items).toEqual([
    { pk: { S: 'OPEN' }, sk: { S: 'a' }, count: { N: '1' }, bytes: { B: Uint8Array.of(0, 255) } },
  ]);
  expect(aws.calls.at(-1)).toMatchObject({
    action: 'dynamodb:Query',
    resource: 'arn:aws:dynamodb:eu-central-1:111122223333:table/state',
  });
});

test('a condition that does not hold fails', async () => {
  const { dynamodb } = await startWithTable();
  const once = new PutItemCommand({ ...item('a'), ConditionExpression: 'attribute_not_exists(pk)' });
  await dynamodb.send(once);

  const again = dynamodb.send(once);

  await expect(again).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
});

test('a write can take effect although its answer is lost', async () => {
  const { aws, dynamodb } = await startWithTable();
  aws.faults.add({ service: 'dynamodb', action: 'PutItem', error: 'dropAnswer' });
  const once = new PutItemCommand({ ...item('a'), ConditionExpression: 'attribute_not_exists(pk)' });

  await expect(dynamodb.send(once)).rejects.toThrow(/socket hang up|ECONNRESET/);

  await expect(dynamodb.send(once)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
});

test('two embedded AWS have tables of their own', async () => {
  const one = await startWithTable();
  const other = await startForTest();
  await one.dynamodb.send(new PutItemCommand(item('a')));

  const answer = other.dynamodb.send(new PutItemCommand(item('a')));

  await expect(answer).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
