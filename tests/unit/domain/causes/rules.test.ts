import { describe, expect, it } from 'vitest';
import { likelyCauses } from '../../../../shared/domain/causes/likely-causes.ts';
import { RULES } from '../../../../shared/domain/causes/rules.ts';
import { aKey } from '../../../support/a-message.ts';
import {
  aCaller,
  aPurpose,
  bins,
  lakeObjects,
  sampledEvidence,
  someEvidence,
} from '../../../support/some-evidence.ts';

const GENERATED = [{ operation: 'GenerateDataKey', perHour: 50_000, usualPerHour: 1_000 }];

describe('every rule', () => {
  it.each(RULES.map((rule) => [rule.id, rule] as const))(
    '%s has a source and a credible saving',
    (_, rule) => {
      const { low, high, why } = rule.saves;

      expect(new URL(rule.source).protocol).toBe('https:');
      expect(rule.source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
      expect(0 <= low && low <= high && high <= 1).toBe(true);
      expect(why).not.toBe('');
      expect(rule.fix.match(/[.](?: |$)/g)?.length).toBeLessThanOrEqual(2);
    },
  );

  it('has a name of its own', () => {
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
  });
});

describe('a likely cause', () => {
  it('is S3 without a Bucket Key when the context names objects', () => {
    const [cause] = likelyCauses(sampledEvidence({ purposes: [lakeObjects(0.84)] }));

    expect(cause).toMatchInlineSnapshot(`
      {
        "because": [
          "84% (80% to 88%) of 400 sampled requests are for bucket lake.",
          "Each names an object; with a Bucket Key it would name the bucket.",
          "100% of the requests are reads (Decrypt), so the objects that are read have to be copied, too.",
        ],
        "certainty": "likely",
        "command": "aws s3api put-bucket-encryption --bucket lake --region eu-central-1 --server-side-encryption-configuration '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":"arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"},"BucketKeyEnabled":true}]}'",
        "fix": "Turn the Bucket Key on (look at the present setting with get-bucket-encryption first: this replaces it). New objects use it at once; objects that are read often have to be copied onto themselves.",
        "id": "s3-without-bucket-key",
        "savedShare": {
          "high": 0.8712,
          "low": 0.64,
          "why": "up to 99% by AWS documentation, once old objects are copied; each role still fetches its own bucket key",
        },
        "source": "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html",
        "title": "S3 objects are read or written without a Bucket Key",
      }
    `);
  });

  it('is S3 for many requesters when the context names the bucket, and then it is only possible', () => {
    const [cause] = likelyCauses(sampledEvidence({ purposes: [lakeObjects(0.9, { detail: 'bucket' })] }));

    expect(cause).toMatchObject({ id: 's3-bucket-key-for-many-requesters', certainty: 'possible' });
  });

  it('leaves open whether a Bucket Key is on where the context was not read', () => {
    const throughS3 = { callers: [aCaller(0.9, { via: 's3.amazonaws.com' })] };
    const [cause] = likelyCauses(sampledEvidence(throughS3));

    expect(cause).toMatchObject({ id: 's3-without-bucket-key', certainty: 'possible' });
    expect(cause).not.toHaveProperty('command');
  });

  it('is the table of a DynamoDB client', () => {
    const purposes = [aPurpose(0.95, 'aws:dynamodb:tableName', 'patients')];

    expect(likelyCauses(sampledEvidence({ purposes }))[0]).toMatchObject({
      id: 'dynamodb-without-connection-reuse',
      certainty: 'likely',
      because: ['95% (91% to 99%) of 400 sampled requests are for table patients.'],
      command: 'AWS_NODEJS_CONNECTION_REUSE_ENABLED=1',
    });
  });

  it('is the AWS managed key of DynamoDB, which the free key replaces', () => {
    const key = aKey({ manager: 'AWS', aliases: ['alias/aws/dynamodb'] });
    const purposes = [aPurpose(0.95, 'aws:dynamodb:tableName', 'Swipe-dev')];

    expect(likelyCauses(sampledEvidence({ purposes }, { key }))[0]?.command).toBe(
      'aws dynamodb update-table --table-name Swipe-dev --region eu-central-1 --sse-specification Enabled=false',
    );
  });

  it('is a Lambda function that starts too often', () => {
    const arn = 'arn:aws:lambda:eu-central-1:111122223333:function:thumbnails';
    const purposes = [aPurpose(0.7, 'aws:lambda:FunctionArn', arn)];

    expect(likelyCauses(sampledEvidence({ purposes }))[0]).toMatchObject({
      id: 'lambda-environment-decryption',
      certainty: 'likely',
      command:
        "aws lambda update-function-configuration --function-name thumbnails --region eu-central-1 --kms-key-arn ''",
    });
  });

  it('is a queue with a short data key reuse period', () => {
    const purposes = [aPurpose(0.88, 'aws:sqs:arn', 'arn:aws:sqs:eu-central-1:444455556666:orders.fifo')];

    expect(likelyCauses(sampledEvidence({ purposes }))[0]).toMatchObject({
      id: 'sqs-short-data-key-reuse',
      command:
        'aws sqs set-queue-attributes --queue-url https://sqs.eu-central-1.amazonaws.com/444455556666/orders.fifo ' +
        '--region eu-central-1 --attributes KmsDataKeyReusePeriodSeconds=3600',
    });
  });

  it('is a queue in China or Gov, each at its own endpoint, and only the setting where none is known', () => {
    const lineIn = (partition: string) => {
      const arn = `arn:${partition}:sqs:eu-central-1:444455556666:orders`;
      return likelyCauses(sampledEvidence({ purposes: [aPurpose(0.9, 'aws:sqs:arn', arn)] }))[0]?.command;
    };

    expect(lineIn('aws-cn')).toContain('https://sqs.eu-central-1.amazonaws.com.cn/444455556666/orders');
    expect(lineIn('aws-us-gov')).toContain('https://sqs.eu-central-1.amazonaws.com/444455556666/orders');
    expect(lineIn('aws-iso')).toBe('KmsDataKeyReusePeriodSeconds=3600');
  });

  it('is a parameter or a secret that is read without a cache', () => {
    const parameter = 'arn:aws:ssm:eu-central-1:111122223333:parameter/agent/token';
    const secret = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/db-AbCdEf';
    const causes = likelyCauses(
      sampledEvidence({
        purposes: [aPurpose(0.6, 'PARAMETER_ARN', parameter), aPurpose(0.4, 'SecretARN', secret)],
      }),
    );

    expect(causes.map(({ id, because, command }) => ({ id, because, command }))).toEqual([
      {
        id: 'parameter-store-without-cache',
        because: ['60% (56% to 64%) of 400 sampled requests are for parameter /agent/token.'],
        command: 'SSM_PARAMETER_STORE_TTL=300',
      },
      {
        id: 'secrets-manager-without-cache',
        because: ['40% (36% to 44%) of 400 sampled requests are for secret prod/db-AbCdEf.'],
        command: 'SECRETS_MANAGER_TTL=300',
      },
    ]);
  });

  it('is a fleet that is replaced in a circle', () => {
    const volumes = ['0a', '0b', '0c'].map((end) => aPurpose(0.2, 'aws:ebs:id', `vol-0123456789abcde${end}`));

    expect(likelyCauses(sampledEvidence({ purposes: volumes }))[0]).toMatchObject({
      id: 'ebs-volume-churn',
      because: ['60% (48% to 72%) of 400 sampled requests are for volume vol-0123456789abcde0a and 2 more.'],
    });
  });

  it('is EBS as well where CloudTrail names its front end', () => {
    const callers = [aCaller(0.6, { via: 'ec2-frontend-api.amazonaws.com' })];

    expect(likelyCauses(sampledEvidence({ callers }))[0]).toMatchObject({
      id: 'ebs-volume-churn',
      because: ['60% (56% to 64%) of 400 sampled requests come through ec2.amazonaws.com.'],
    });
  });

  it('is a program that asks for a data key for every message', () => {
    const sample = {
      callers: [aCaller(0.92, { name: 'role/ingest' })],
      operations: { GenerateDataKey: 380 },
    };

    expect(likelyCauses(sampledEvidence(sample, { operations: GENERATED }))[0]).toMatchObject({
      id: 'client-without-data-key-cache',
      certainty: 'likely',
      because: [
        '95% of 400 sampled requests are GenerateDataKey, asked for by role/ingest and no AWS service.',
      ],
    });
  });

  it('is perhaps such a program where the mix of operations is all that is known', () => {
    expect(likelyCauses(someEvidence({ operations: GENERATED }))).toMatchObject([
      { id: 'client-without-data-key-cache', certainty: 'possible' },
    ]);
    expect(likelyCauses(someEvidence({ operations: GENERATED, key: aKey({ manager: 'AWS' }) }))).toEqual([]);
  });

  it.each(['AwsCrypto/2.4.1 aws-sdk-java/1.12', 'aws-sdk-js/3 AwsEncryptionSdkJavascriptNodejs/4.0.0'])(
    'is the AWS Encryption SDK that calls itself %s',
    (userAgent) => {
      const sample = { callers: [aCaller(0.5, { userAgent }), aCaller(0.5, { name: 'role/b' })] };

      expect(likelyCauses(sampledEvidence(sample))[0]).toMatchObject({
        id: 'client-without-data-key-cache',
        certainty: 'likely',
      });
    },
  );

  it('is a program that decrypts the same thing every time', () => {
    const sample = { callers: [aCaller(0.95, { name: 'user/anna' })] };

    expect(likelyCauses(sampledEvidence(sample))[0]).toMatchObject({
      id: 'client-decrypts-every-time',
      certainty: 'possible',
    });
  });

  it.each([
    ['for a role', { via: 'backup.amazonaws.com' }],
    ['for a role without its name', { source: 'AWS Internal' }],
    ['on its own', { name: 'backup.amazonaws.com' }],
    ['on its own without its name', { name: 'an AWS service' }],
  ])('is no program where a service calls %s', (_, caller) => {
    expect(likelyCauses(sampledEvidence({ callers: [aCaller(0.95, caller)] }))).toEqual([]);
  });

  it('is a storm of retries when KMS throttles', () => {
    const [cause] = likelyCauses(sampledEvidence({ refused: { ThrottlingException: 240, AccessDenied: 3 } }));

    expect(cause).toMatchObject({
      id: 'retries-of-throttled-calls',
      certainty: 'likely',
      command: 'AWS_RETRY_MODE=standard AWS_MAX_ATTEMPTS=3',
    });
    expect(cause?.because[0]).toBe('37% of 643 sampled calls are refused: ThrottlingException 240.');
    expect(cause?.savedShare).toMatchObject({ low: 0, high: 0.98 });
  });

  it('is no storm where few calls are refused', () => {
    expect(likelyCauses(sampledEvidence({ refused: { ThrottlingException: 60, AccessDenied: 60 } }))).toEqual(
      [],
    );
    expect(likelyCauses(sampledEvidence({ events: 10, refused: { AccessDenied: 15 } }))).toEqual([]);
  });

  it('is a storm of retries when KMS denies', () => {
    const refused = { AccessDenied: 500, DisabledException: 20, 'x\ny': 1 };
    const [cause] = likelyCauses(sampledEvidence({ refused }));

    expect(cause).toMatchObject({ id: 'retries-of-refused-calls', certainty: 'likely' });
    expect(cause?.because[0]).toBe(
      '57% of 921 sampled calls are refused: AccessDenied 500, DisabledException 20, another error 1.',
    );
  });

  it('is a sudden loop when all that is known is a jump that lasts', () => {
    expect(likelyCauses(someEvidence({ recent: bins([280, 100], [8, 5_000]) }))).toMatchObject([
      {
        id: 'sudden-loop',
        certainty: 'possible',
        because: [
          'About 40 minutes ago the requests rose 50x at once, and have stayed there: 60,000 an hour.',
        ],
      },
    ]);
  });

  it('is one job when a single caller has come and gone', () => {
    const sample = { callers: [aCaller(0.98, { name: 'role/backfill', via: 'glue.amazonaws.com' })] };
    const recent = bins([240, 100], [24, 5_000], [24, 100]);

    expect(likelyCauses(sampledEvidence(sample, { recent }))[0]).toMatchObject({
      id: 'one-off-job',
      certainty: 'likely',
      because: [
        'The requests were high for 2 hours and are quiet again.',
        '98% of 400 sampled requests come from role/backfill.',
      ],
    });
  });

  it('is perhaps one job while it runs, or when nobody is known but it has ended', () => {
    const running = bins([240, 100], [24, 5_000]);
    const ended = [...running, ...bins([24, 100])];
    const sample = { callers: [aCaller(0.98)], operations: { Encrypt: 400 } };
    const firstOf = (evidence: Parameters<typeof likelyCauses>[0]) => {
      const cause = likelyCauses(evidence).find(({ id }) => id === 'one-off-job');
      return cause && [cause.certainty, cause.because[0]];
    };

    expect(firstOf(sampledEvidence(sample, { recent: running }))).toEqual([
      'possible',
      'The requests have been high for 2 hours, and were quiet before.',
    ]);
    expect(firstOf(someEvidence({ recent: ended }))?.[0]).toBe('possible');
    expect(firstOf(someEvidence({ recent: running }))).toBeUndefined();
    expect(firstOf(sampledEvidence(sample, { recent: ended, standing: true }))).toBeUndefined();
  });

  it('is one job when data moves to another key', () => {
    const operations = [
      { operation: 'ReEncrypt:source', perHour: 9_000, usualPerHour: 0 },
      { operation: 'Decrypt', perHour: 1_000, usualPerHour: 1_000 },
    ];

    expect(likelyCauses(someEvidence({ operations }))).toMatchObject([
      { id: 'one-off-job', because: ['90% of the requests are ReEncrypt: data moves to another key.'] },
    ]);
  });

  it('is a polling loop when use is as even as a clock', () => {
    const recent = bins([288, 417]);

    expect(likelyCauses(someEvidence({ recent, standing: true }))).toMatchObject([
      { id: 'polling-loop', certainty: 'possible' },
    ]);
    expect(
      likelyCauses(
        sampledEvidence({ callers: [aCaller(0.97)], operations: { Sign: 400 } }, { recent, standing: true }),
      ),
    ).toMatchObject([
      {
        id: 'polling-loop',
        certainty: 'likely',
        because: [
          'For 24 hours there have been 5,004 requests an hour, day and night alike (usually 1,200).',
          '97% of 400 sampled requests come from role/etl.',
        ],
      },
    ]);
  });
});
