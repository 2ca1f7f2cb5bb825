import { describe, expect, it } from 'vitest';
import type { CauseEvidence } from '../../../../shared/domain/causes/cause.ts';
import { likelyCauses } from '../../../../shared/domain/causes/likely-causes.ts';
import { aKey } from '../../../support/a-message.ts';
import {
  aCaller,
  aPurpose,
  bins,
  lakeObjects,
  sampledEvidence,
  someEvidence,
} from '../../../support/some-evidence.ts';

const perHour = (operation: string, now: number, usual = 0) => [
  { operation, perHour: now, usualPerHour: usual },
];

const parameter = (name: string): string => `arn:aws:ssm:eu-central-1:111122223333:parameter/${name}`;

/** Runaways that people wrote about in public, as this tool would have seen them. */
const CASES: readonly (readonly [story: string, source: string, evidence: CauseEvidence, cause: string])[] = [
  [
    'a FHIR server opens a connection for each of its 5 requests a second: about $3,000 a month',
    'https://github.com/awslabs/fhir-works-on-aws-deployment/issues/639',
    sampledEvidence(
      {
        callers: [aCaller(0.9, { name: 'role/fhirServerLambdaRole', via: 'dynamodb.amazonaws.com' })],
        purposes: [aPurpose(0.9, 'aws:dynamodb:tableName', 'resource-db-dev')],
      },
      { operations: perHour('Decrypt', 1_390_000), standing: true, recent: bins([288, 115_800]) },
    ),
    'dynamodb-without-connection-reuse',
  ],
  [
    'dashboards read many small SSE-KMS files every five minutes',
    'https://github.com/data-dot-all/dataall/issues/393',
    sampledEvidence(
      {
        callers: [aCaller(0.97, { name: 'role/aws-quicksight-service-role-v0', via: 's3.amazonaws.com' })],
        purposes: [lakeObjects(0.97)],
      },
      { operations: perHour('Decrypt', 80_000, 20_000) },
    ),
    's3-without-bucket-key',
  ],
  [
    'four testers of a GraphQL app make 50,000 requests in half a month: its tables use the AWS managed key',
    'https://github.com/aws-amplify/amplify-cli/issues/1867',
    someEvidence({
      key: aKey({ manager: 'AWS', aliases: ['alias/aws/dynamodb'] }),
      operations: perHour('Decrypt', 140),
      standing: true,
    }),
    'dynamodb-without-connection-reuse',
  ],
  [
    'a warmed Lambda fetches its encrypted settings at each start',
    'https://github.com/apex/up/issues/642',
    sampledEvidence(
      {
        callers: [aCaller(1, { name: 'role/app-function', via: 'ssm.amazonaws.com' })],
        purposes: [
          aPurpose(0.5, 'PARAMETER_ARN', parameter('up/app/production/DB_URL')),
          aPurpose(0.5, 'PARAMETER_ARN', parameter('up/app/production/API_KEY')),
        ],
      },
      { operations: perHour('Decrypt', 110, 2) },
    ),
    'parameter-store-without-cache',
  ],
  [
    'a build agent keeps its state in SecureString parameters and reads them without a cache',
    'https://github.com/wolfeidau/buildkite-serverless-agent/pull/18',
    sampledEvidence(
      { purposes: [aPurpose(0.99, 'PARAMETER_ARN', parameter('dev/buildkite-agent-token'))] },
      { operations: perHour('Decrypt', 900), standing: true },
    ),
    'parameter-store-without-cache',
  ],
  [
    'something still writes to a bucket that everybody forgot',
    'https://github.com/iiitv/aua/issues/13',
    sampledEvidence(
      { callers: [aCaller(1, { name: 'root', via: 's3.amazonaws.com' })], purposes: [lakeObjects(1)] },
      { operations: perHour('GenerateDataKey', 700), standing: true },
    ),
    's3-without-bucket-key',
  ],
];

describe('a runaway that really happened', () => {
  it.each(CASES)('%s (%s)', (_story, _source, evidence, cause) => {
    expect(likelyCauses(evidence)[0]?.id).toBe(cause);
  });
});
