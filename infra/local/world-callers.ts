/** Somebody who calls a key. */
export interface WorldCaller {
  /** A role, by its name; one of role, user and service. */
  readonly role?: string;
  readonly user?: string;
  /** A service that calls on its own: `logs.amazonaws.com`. */
  readonly service?: string;
  /** Name of the role's session. @default `session` */
  readonly session?: string;
  /** The service that calls on the caller's behalf: `s3.amazonaws.com`. */
  readonly via?: string;
  readonly sourceIp?: string;
  readonly userAgent?: string;
  /** A `*` in a value stands for a number that is another one in each call, such as an object of a bucket. */
  readonly encryptionContext?: Readonly<Record<string, string>>;
}

export interface WorldCallerShare {
  readonly caller: WorldCaller;
  /** 0..1 */
  readonly share: number;
}

const SDK_JAVA = 'aws-sdk-java/2.28.11 md/io#sync Linux/6.1 OpenJDK_64-Bit_Server_VM/21.0.4';
const SDK_PYTHON = 'Boto3/1.35.20 md/Botocore#1.35.20 ua/2.0 os/linux#6.1 lang/python#3.12.6';
const SDK_JS = 'aws-sdk-js/3.650.0 ua/2.1 os/linux#6.1 lang/js md/nodejs#20.17.0';

const viaS3 = (role: string, bucket: string, userAgent = SDK_JAVA): WorldCaller => ({
  role,
  via: 's3.amazonaws.com',
  userAgent,
  encryptionContext: { 'aws:s3:arn': `arn:aws:s3:::${bucket}/data/part-*.parquet` },
});

const via = (role: string, service: string, encryptionContext: Record<string, string>): WorldCaller => ({
  role,
  via: `${service}.amazonaws.com`,
  encryptionContext,
});

const direct = (role: string, context: Record<string, string>, userAgent = SDK_JAVA): WorldCaller => ({
  role,
  userAgent,
  encryptionContext: context,
});

const shared = (...callers: readonly (readonly [share: number, caller: WorldCaller])[]): WorldCallerShare[] =>
  callers.map(([share, caller]) => ({ share, caller }));

/** Usual callers of the fleet's keys, by the key's name. */
const USUAL = new Map<string, (account: string, region: string) => readonly WorldCallerShare[]>([
  [
    'lake-etl',
    () => shared([0.8, viaS3('lake-etl-job', 'lake-raw')], [0.2, viaS3('athena-analysts', 'lake-curated')]),
  ],
  [
    'orders-api',
    () =>
      shared(
        [0.7, direct('orders-api', { service: 'orders' })],
        [0.3, via('orders-api', 'dynamodb', { 'aws:dynamodb:tableName': 'orders' })],
      ),
  ],
  ['payments', () => shared([1, direct('payments-api', { service: 'payments', stage: 'prod' })])],
  ['nightly-export', () => shared([1, viaS3('nightly-export', 'exports', SDK_PYTHON)])],
  ['weekly-report', () => shared([1, viaS3('reporting', 'reports', SDK_PYTHON)])],
  ['customer-files', () => shared([1, viaS3('files-service', 'customer-files', SDK_JS)])],
  ['ml-features', () => shared([1, viaS3('feature-store', 'ml-features', SDK_PYTHON)])],
  ['aws/s3', () => shared([0.9, viaS3('web-frontend', 'assets', SDK_JS)], [0.1, viaS3('ci', 'artifacts')])],
  [
    'aws/secretsmanager',
    (account, region) =>
      shared([
        1,
        via('orders-api', 'secretsmanager', {
          SecretARN: `arn:aws:secretsmanager:${region}:${account}:secret:orders/db-a1b2c3`,
          SecretVersionId: '5c1b2a1e-0d4c-4b43-9a53-8f4f9c0b7d11',
        }),
      ]),
  ],
  [
    'aws/ssm',
    (account, region) =>
      shared([
        1,
        via('config-reader', 'ssm', {
          PARAMETER_ARN: `arn:aws:ssm:${region}:${account}:parameter/prod/config`,
        }),
      ]),
  ],
  [
    'aws/sqs',
    (account, region) =>
      shared([1, via('orders-worker', 'sqs', { 'aws:sqs:arn': `arn:aws:sqs:${region}:${account}:orders` })]),
  ],
  [
    'aws/lambda',
    (account, region) =>
      shared([
        1,
        via('resize-images', 'lambda', {
          'aws:lambda:FunctionArn': `arn:aws:lambda:${region}:${account}:function:resize-images`,
        }),
      ]),
  ],
  [
    'logs',
    (account, region) =>
      shared([
        1,
        {
          service: 'logs.amazonaws.com',
          encryptionContext: { 'aws:logs:arn': `arn:aws:logs:${region}:${account}:log-group:/app` },
        },
      ]),
  ],
  [
    'backup',
    () => shared([1, via('AWSBackupDefaultServiceRole', 'ebs', { 'aws:ebs:id': 'vol-0a1b2c3d4e5f60718' })]),
  ],
  [
    'dev-sandbox',
    () => shared([1, { user: 'anna', userAgent: 'aws-cli/2.17.50', sourceIp: '198.51.100.23' }]),
  ],
]);

/** Who usually calls a key; a key that is not of the fleet has one role, named like the key. */
export function usualCallers(
  name: string | undefined,
  account: string,
  region: string,
): readonly WorldCallerShare[] {
  const known = USUAL.get(name ?? '');
  return known?.(account, region) ?? shared([1, direct(name?.replaceAll('/', '-') ?? 'app', {})]);
}

/** A job that reads every object of a bucket, and that nobody knew of. */
export const FULL_SCAN: WorldCaller = viaS3('adhoc-scan', 'archive', SDK_PYTHON);
