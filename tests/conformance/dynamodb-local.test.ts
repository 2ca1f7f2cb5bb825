import { describe } from 'vitest';
import { DynamoDbCommandStore } from '../../shared/adapters/aws/dynamodb-command-store.ts';
import { DynamoDbIncidentStore } from '../../shared/adapters/aws/dynamodb-incident-store.ts';
import { DynamoDbKeyFactsStore } from '../../shared/adapters/aws/dynamodb-key-facts-store.ts';
import { DynamoDbNoticeStore } from '../../shared/adapters/aws/dynamodb-notice-store.ts';
import { DynamoDbRunStore } from '../../shared/adapters/aws/dynamodb-run-store.ts';
import { DynamoDbShardStore } from '../../shared/adapters/aws/dynamodb-shard-store.ts';
import { MemoryLog } from '../../shared/adapters/memory/memory-log.ts';
import { describeBaselineStore } from '../contract/baseline-store.contract.ts';
import { describeCommandStore } from '../contract/command-store.contract.ts';
import { createTable } from '../contract/dynamodb.ts';
import { describeIncidentStore } from '../contract/incident-store.contract.ts';
import { describeKeyFactsStore } from '../contract/key-facts-store.contract.ts';
import { describeNoticeStore } from '../contract/notice-store.contract.ts';
import { describeRunStore } from '../contract/run-store.contract.ts';
import { describeShardStore } from '../contract/shard-store.contract.ts';
import { openBaselineStore } from './baseline-store.ts';

const NAME = 'AWS’s own DynamoDB Local';
const endpoint = process.env['DYNAMODB_LOCAL_ENDPOINT'] ?? '';

async function open<Store>(make: (...given: ConstructorParameters<typeof DynamoDbRunStore>) => Store) {
  const { table, close } = await createTable(endpoint);
  return { store: make(table, new MemoryLog()), close };
}

// Without Java and Maven it is not there: `npm run test:conformance` has said so.
describe.runIf(endpoint !== '')(NAME, () => {
  describeBaselineStore(NAME, () => openBaselineStore(endpoint));
  describeIncidentStore(NAME, () => open((...given) => new DynamoDbIncidentStore(...given)));
  describeRunStore(NAME, () => open((...given) => new DynamoDbRunStore(...given)));
  describeShardStore(NAME, () => open((...given) => new DynamoDbShardStore(...given)));
  describeKeyFactsStore(NAME, () => open((...given) => new DynamoDbKeyFactsStore(...given)));
  describeCommandStore(NAME, () => open((...given) => new DynamoDbCommandStore(...given)));
  describeNoticeStore(NAME, () => open((...given) => new DynamoDbNoticeStore(...given)));
});
