import type { Purpose } from '../callers/callers.ts';
import { awsLine, queueUrl, regionOf } from './aws-line.ts';
import type { CauseEvidence } from './cause.ts';
import { resourceName } from './resources.ts';
import type { Finding, Rule } from './rule.ts';
import { findService, type ServiceSigns } from './service-finding.ts';

/** What ends it: the setting, or the line for the first purpose that has a name. */
type FixLine = (
  evidence: CauseEvidence,
  name: string | undefined,
  purpose: Purpose | undefined,
) => string | undefined;

const byService =
  (signs: ServiceSigns, line: FixLine) =>
  (evidence: CauseEvidence): Finding | undefined => {
    const found = findService(evidence, signs);
    if (!found) return undefined;
    const { purposes, ...finding } = found;
    const purpose = purposes.find((one) => resourceName(one) !== undefined);
    const command = line(evidence, purpose && resourceName(purpose), purpose);
    return command === undefined ? finding : { ...finding, command };
  };

/** The other services that call KMS for what they store, and how each can be made to call less. */
export const SERVICE_RULES: readonly Rule[] = [
  {
    id: 'dynamodb-without-connection-reuse',
    title: 'DynamoDB asks for the key of a table again and again',
    signs: 'The encryption context names a table (`aws:dynamodb:tableName`), or DynamoDB is the caller.',
    fix:
      'Keep one client with open connections for the life of the process: DynamoDB asks KMS again on each new ' +
      'connection. A table that needs no key of its own may use the AWS owned key, which costs nothing.',
    saves: {
      low: 0.5,
      high: 1,
      why: 'with reused connections the table key is asked for about every five minutes; with the AWS owned key never',
    },
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html',
    kind: 'fault',
    find: byService(
      { services: ['dynamodb'], context: 'aws:dynamodb:tableName', alias: 'alias/aws/dynamodb' },
      // Nobody can change the policy of the AWS managed key, so few have a reason to pay for it.
      ({ key: { keyArn, manager } }, table) =>
        manager === 'AWS' && table !== undefined
          ? awsLine('dynamodb update-table', {
              'table-name': table,
              region: regionOf(keyArn),
              'sse-specification': 'Enabled=false',
            })
          : 'AWS_NODEJS_CONNECTION_REUSE_ENABLED=1',
    ),
  },
  {
    id: 'lambda-environment-decryption',
    title: 'Lambda decrypts environment variables at every start of a function',
    signs: 'The encryption context names a function (`aws:lambda:FunctionArn`).',
    fix:
      'Find what starts it so often: failing starts, short bursts, pings that keep it warm. If your rules allow it, ' +
      'let Lambda use its own key instead of this one, which costs nothing.',
    saves: {
      low: 0.5,
      high: 1,
      why: 'as many as there are needless starts; all of them with the key of Lambda',
    },
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html',
    kind: 'fault',
    find: byService(
      { services: ['lambda'], context: 'aws:lambda:FunctionArn', alias: 'alias/aws/lambda' },
      ({ key: { keyArn } }, name) =>
        name === undefined
          ? undefined
          : awsLine('lambda update-function-configuration', {
              'function-name': name,
              region: regionOf(keyArn),
              'kms-key-arn': '',
            }),
    ),
  },
  {
    id: 'sqs-short-data-key-reuse',
    title: 'SQS asks for a new data key too often',
    signs: 'The encryption context names a queue (`aws:sqs:arn`), or SQS is the caller.',
    fix:
      'Let SQS use a data key for an hour instead of the default five minutes (60 seconds to 24 hours are allowed); ' +
      'a longer period means more messages under one data key.',
    saves: {
      low: 0.8,
      high: 0.98,
      why: 'requests fall in proportion: from 5 minutes to an hour 92%, from 1 minute 98%; AWS says it may be less',
    },
    source:
      'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html',
    kind: 'fault',
    find: byService(
      { services: ['sqs'], context: 'aws:sqs:arn', alias: 'alias/aws/sqs' },
      ({ key: { keyArn } }, name, purpose) => {
        const url = name && purpose && queueUrl(regionOf(keyArn), purpose.value);
        return url
          ? awsLine('sqs set-queue-attributes', {
              'queue-url': url,
              region: regionOf(keyArn),
              attributes: 'KmsDataKeyReusePeriodSeconds=3600',
            })
          : 'KmsDataKeyReusePeriodSeconds=3600';
      },
    ),
  },
  {
    id: 'parameter-store-without-cache',
    title: 'SecureString parameters are read without a cache',
    signs: 'The encryption context names a parameter (`PARAMETER_ARN`), or Systems Manager is the caller.',
    fix:
      'Read parameters once at start and keep them, or let a cache do it: in Lambda the AWS Parameters and Secrets ' +
      'extension, which keeps a value for the time set here.',
    saves: {
      low: 0.8,
      high: 0.99,
      why: 'one read for each process and cache lifetime instead of one for each use',
    },
    source:
      'https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-integration-lambda-extensions.html',
    kind: 'fault',
    find: byService(
      { services: ['ssm'], context: 'PARAMETER_ARN', alias: 'alias/aws/ssm' },
      () => 'SSM_PARAMETER_STORE_TTL=300',
    ),
  },
  {
    id: 'secrets-manager-without-cache',
    title: 'Secrets are read without a cache',
    signs: 'The encryption context names a secret (`SecretARN`), or Secrets Manager is the caller.',
    fix:
      'Read secrets through a client-side cache of AWS (Java, Python, .NET, Go, Rust), or in Lambda through the AWS ' +
      'Parameters and Secrets extension, which keeps a value for the time set here.',
    saves: {
      low: 0.8,
      high: 0.99,
      why: 'one read for each process and cache lifetime instead of one for each use',
    },
    source: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html',
    kind: 'fault',
    find: byService(
      { services: ['secretsmanager'], context: 'SecretARN', alias: 'alias/aws/secretsmanager' },
      () => 'SECRETS_MANAGER_TTL=300',
    ),
  },
  {
    id: 'ebs-volume-churn',
    title: 'Encrypted volumes are created and attached again and again',
    signs: 'The encryption context names a volume (`aws:ebs:id`), or EC2 is the caller.',
    fix:
      'Look for instances that are replaced in a circle, such as an Auto Scaling group whose new instances fail their ' +
      'health check: EBS calls KMS once for each volume that it creates or attaches.',
    saves: { low: 0.3, high: 1, why: 'as many as come from instances that are replaced for nothing' },
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/services-ebs.html',
    kind: 'fault',
    find: byService(
      { services: ['ec2', 'ec2-frontend-api', 'autoscaling'], context: 'aws:ebs:id', alias: 'alias/aws/ebs' },
      ({ key: { keyArn } }) =>
        awsLine('autoscaling describe-scaling-activities', { region: regionOf(keyArn), 'max-items': '20' }),
    ),
  },
];
