import type { Purpose } from '../callers/callers.ts';
import { percent } from '../number.ts';
import { awsLine, regionOf } from './aws-line.ts';
import type { CauseEvidence } from './cause.ts';
import { operationShare } from './requests.ts';
import { resourceName } from './resources.ts';
import type { Finding, Rule } from './rule.ts';
import { findService, type ServiceSigns } from './service-finding.ts';

const S3: ServiceSigns = { services: ['s3'], context: 'aws:s3:arn', alias: 'alias/aws/s3' };

/** What S3 costs in requests to KMS: one for each object touched, unless a Bucket Key stands between. */
export const S3_RULES: readonly Rule[] = [
  {
    id: 's3-without-bucket-key',
    title: 'S3 objects are read or written without a Bucket Key',
    signs: 'The encryption context `aws:s3:arn` names single objects; with a Bucket Key it names the bucket.',
    fix:
      'Turn the Bucket Key on (look at the present setting with get-bucket-encryption first: this replaces it). ' +
      'New objects use it at once; objects that are read often have to be copied onto themselves.',
    saves: {
      low: 0.8,
      high: 0.99,
      why: 'up to 99% by AWS documentation, once old objects are copied; each role still fetches its own bucket key',
    },
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html',
    kind: 'fault',
    find: findObjects,
  },
  {
    id: 's3-bucket-key-for-many-requesters',
    title: 'S3 fetches a Bucket Key for each of many requesters',
    signs:
      'The encryption context `aws:s3:arn` names the bucket, so a Bucket Key is on, and still S3 calls often.',
    fix:
      'Let fewer identities read the bucket: S3 fetches one bucket-level key for each role, account and session ' +
      'policy, so one role without session policies shares one.',
    saves: {
      low: 0,
      high: 0.9,
      why: 'in proportion to how many roles, accounts and session policies become one',
    },
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html',
    kind: 'fault',
    find: findRequesters,
  },
];

const namesObject = ({ detail }: Purpose): boolean => detail === 'object';
const namesBucket = ({ detail }: Purpose): boolean => detail === 'bucket';

function findObjects(evidence: CauseEvidence): Finding | undefined {
  const found = findService(evidence, { ...S3, counts: (purpose) => !namesBucket(purpose) });
  if (!found) return undefined;
  const { purposes, ...finding } = found;
  const areObjects = purposes.length > 0 && purposes.every(namesObject);
  const bucket = purposes.map(resourceName).find((name) => name !== undefined);
  return {
    ...finding,
    certainty: areObjects ? finding.certainty : 'possible',
    because: [
      ...finding.because,
      areObjects
        ? 'Each names an object; with a Bucket Key it would name the bucket.'
        : 'Whether a Bucket Key is on is not known: get-bucket-encryption tells.',
      readsSentence(evidence),
    ],
    ...(bucket === undefined ? {} : { command: bucketKeyLine(bucket, evidence) }),
  };
}

function findRequesters(evidence: CauseEvidence): Finding | undefined {
  if (!evidence.callers) return undefined;
  const found = findService(evidence, { ...S3, counts: namesBucket });
  if (!found || found.purposes.length === 0) return undefined;
  const { purposes: _, ...finding } = found;
  const because = [...finding.because, 'They name the bucket itself, so its Bucket Key is in use.'];
  return { ...finding, certainty: 'possible', because };
}

/** Decides whether old objects have to be copied: the Bucket Key helps a read only if the object was written with it. */
function readsSentence(evidence: CauseEvidence): string {
  const reads = operationShare(evidence, 'Decrypt');
  return reads < 0.5
    ? `${percent(1 - reads)} of the requests are not reads, so new objects alone bring most of the saving.`
    : `${percent(reads)} of the requests are reads (Decrypt), so the objects that are read have to be copied, too.`;
}

/** Turns the Bucket Key on, with the key that the bucket's objects use now. */
const bucketKeyLine = (bucket: string, { key: { keyArn, manager } }: CauseEvidence): string =>
  awsLine('s3api put-bucket-encryption', {
    bucket,
    region: regionOf(keyArn),
    'server-side-encryption-configuration': JSON.stringify({
      Rules: [
        {
          ApplyServerSideEncryptionByDefault: {
            SSEAlgorithm: 'aws:kms',
            // Without an id S3 uses its own AWS managed key, which is this one then.
            ...(manager === 'AWS' ? {} : { KMSMasterKeyID: keyArn }),
          },
          BucketKeyEnabled: true,
        },
      ],
    }),
  });
