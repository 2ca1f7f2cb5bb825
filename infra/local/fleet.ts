import type { KeySpec } from './world.ts';
import type { ShapeName } from './world-shapes.ts';

/** A key of the simulated account, before it has an id. */
export interface KeyPlan {
  /** Without `alias/`; undefined for a key without a name. */
  readonly name: string | undefined;
  readonly shape: ShapeName;
  /** Requests per second at the shape's full height, per operation. */
  readonly operations: Readonly<Record<string, number>>;
  /** @default 'centralEurope' */
  readonly timeZone?: 'utc' | 'centralEurope';
  /** @default 'SYMMETRIC_DEFAULT' */
  readonly keySpec?: KeySpec;
  /** @default as old as the history */
  readonly bornHoursAgo?: number;
  /** Belongs to another account and is used from here. */
  readonly foreign?: boolean;
  /** Belongs here and is used from another account. */
  readonly usedByForeigners?: boolean;
  readonly multiRegion?: boolean;
}

/** Forty keys as they are found in an account that has grown for a few years, the telling ones first. */
export const FLEET: readonly KeyPlan[] = [
  {
    name: 'lake-etl',
    shape: 'roundTheClock',
    operations: { Decrypt: 29, GenerateDataKey: 6 },
    timeZone: 'utc',
  },
  { name: 'orders-api', shape: 'web', operations: { Decrypt: 42, GenerateDataKey: 9, Encrypt: 3 } },
  {
    name: 'payments',
    shape: 'web',
    operations: { Decrypt: 18, Encrypt: 12, GenerateDataKey: 4, GenerateMac: 2 },
  },
  { name: 'nightly-export', shape: 'nightlyBatch', operations: { Decrypt: 55, GenerateDataKey: 5 } },
  { name: 'aws/s3', shape: 'web', operations: { Decrypt: 65, GenerateDataKey: 22 } },
  { name: 'weekly-report', shape: 'weeklyBatch', operations: { Decrypt: 30, GenerateDataKey: 2 } },
  { name: 'sensor-ingest', shape: 'poller', operations: { GenerateDataKey: 4 }, timeZone: 'utc' },
  { name: 'hourly-sync', shape: 'hourlyCron', operations: { Decrypt: 1.5, Encrypt: 0.4 }, timeZone: 'utc' },
  {
    name: 'dev-sandbox',
    shape: 'devSessions',
    operations: { Decrypt: 0.4, Encrypt: 0.2, GenerateDataKey: 0.1 },
  },
  { name: 'session-tokens', shape: 'web', operations: { Decrypt: 24, Encrypt: 24 } },
  { name: 'new-checkout', shape: 'web', operations: { Decrypt: 6, GenerateDataKey: 2 }, bornHoursAgo: 26 },
  { name: 'jwt-signing', shape: 'web', operations: { Sign: 8 }, keySpec: 'RSA_2048' },
  { name: undefined, shape: 'roundTheClock', operations: { Decrypt: 3 }, foreign: true },
  { name: 'archive-2019', shape: 'nightlyBatch', operations: { Decrypt: 1 }, timeZone: 'utc' },
  { name: 'archive', shape: 'nightlyBatch', operations: { GenerateDataKey: 1 }, timeZone: 'utc' },
  {
    name: 'device-identity',
    shape: 'roundTheClock',
    operations: { Sign: 0.6, Verify: 0.3 },
    keySpec: 'ECC_NIST_P256',
  },
  { name: 'break-glass', shape: 'rare', operations: { Decrypt: 0.05 } },
  { name: 'customer-files', shape: 'streamAndBatch', operations: { Decrypt: 12, GenerateDataKey: 8 } },
  { name: 'crm', shape: 'office', operations: { Decrypt: 5, Encrypt: 1 } },
  { name: 'search-index', shape: 'steps', operations: { Decrypt: 9 } },
  { name: 'aws/secretsmanager', shape: 'roundTheClock', operations: { Decrypt: 2.4, GenerateDataKey: 0.02 } },
  { name: 'aws/ssm', shape: 'hourlyCron', operations: { Decrypt: 0.8 } },
  { name: 'aws/sqs', shape: 'web', operations: { Decrypt: 7, GenerateDataKey: 1 } },
  { name: 'aws/lambda', shape: 'web', operations: { Decrypt: 1.2 } },
  { name: undefined, shape: 'web', operations: { Decrypt: 3, GenerateDataKey: 0.5 } },
  { name: undefined, shape: 'rare', operations: { Decrypt: 0.1, Encrypt: 0.02 } },
  { name: undefined, shape: 'poller', operations: { Decrypt: 0.2 } },
  { name: 'partner-exchange', shape: 'office', operations: { GenerateDataKey: 0.8 }, usedByForeigners: true },
  { name: 'billing', shape: 'nightlyBatch', operations: { Decrypt: 20, Encrypt: 4 } },
  { name: 'video-transcode', shape: 'devSessions', operations: { GenerateDataKey: 14, Decrypt: 9 } },
  { name: 'webhook-mac', shape: 'web', operations: { GenerateMac: 4, VerifyMac: 4 }, keySpec: 'HMAC_256' },
  { name: 'ml-features', shape: 'streamAndBatch', operations: { Decrypt: 33 }, timeZone: 'utc' },
  { name: 'logs', shape: 'roundTheClock', operations: { GenerateDataKey: 1.6, Decrypt: 0.1 } },
  { name: 'global-config', shape: 'poller', operations: { Decrypt: 1.1 }, multiRegion: true },
  { name: 'staging', shape: 'office', operations: { Decrypt: 0.9, GenerateDataKey: 0.3, Encrypt: 0.1 } },
  { name: 'test-runner', shape: 'devSessions', operations: { Decrypt: 3, GenerateDataKey: 3, Encrypt: 1 } },
  { name: 'legacy-erp', shape: 'hourlyCron', operations: { Encrypt: 0.3, Decrypt: 0.3 } },
  { name: 'hr-documents', shape: 'rare', operations: { Decrypt: 0.3, GenerateDataKey: 0.1 } },
  {
    name: 'backup',
    shape: 'nightlyBatch',
    operations: { GenerateDataKey: 3, Decrypt: 0.2 },
    timeZone: 'utc',
  },
  { name: 'data-science', shape: 'steps', operations: { Decrypt: 2, GenerateDataKey: 1 } },
];

/** Keys between which data is re-encrypted every night. */
export const RE_ENCRYPT = { source: 'archive-2019', destination: 'archive', requestsPerSecond: 6 } as const;
