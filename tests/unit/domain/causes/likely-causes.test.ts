import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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

const idsOf = (evidence: Parameters<typeof likelyCauses>[0]): string[] =>
  likelyCauses(evidence).map(({ id }) => id);

describe('the likely causes', () => {
  it('are none where nothing fits', () => {
    expect(likelyCauses(someEvidence())).toEqual([]);
    expect(likelyCauses(someEvidence({ operations: [], recent: [Number.NaN, 0, 3] }))).toEqual([]);
  });

  it('are none where callers are many and small, each by another service', () => {
    const services = ['s3', 'sqs', 'dynamodb', 'ssm', 'lambda'];
    const callers = services.map((service) => aCaller(0.2, { name: `${service}.amazonaws.com` }));

    expect(likelyCauses(sampledEvidence({ callers }))).toEqual([]);
  });

  it('put the fault that explains more of the calls first', () => {
    const both = (objects: number, throttled: number) =>
      idsOf(
        sampledEvidence({ purposes: [lakeObjects(objects)], refused: { ThrottlingException: throttled } }),
      );

    expect(both(0.9, 150)).toEqual(['s3-without-bucket-key', 'retries-of-throttled-calls']);
    expect(both(0.9, 800)).toEqual(['retries-of-throttled-calls', 's3-without-bucket-key']);
  });

  it('put what can be mended before the way it is used', () => {
    const sample = { callers: [aCaller(1, { via: 's3.amazonaws.com' })], purposes: [lakeObjects(0.6)] };
    const recent = bins([240, 100], [24, 5_000], [24, 100]);

    expect(idsOf(sampledEvidence(sample, { recent }))).toEqual(['s3-without-bucket-key', 'one-off-job']);
  });

  it('keep guesses to themselves where something is likely', () => {
    const recent = bins([280, 100], [8, 5_000]);

    expect(idsOf(someEvidence({ recent }))).toEqual(['sudden-loop']);
    expect(idsOf(sampledEvidence({ purposes: [lakeObjects(0.9)] }, { recent }))).toEqual([
      's3-without-bucket-key',
    ]);
  });

  it('are at most three', () => {
    const purposes = [
      lakeObjects(0.4),
      aPurpose(0.35, 'aws:dynamodb:tableName', 'orders'),
      aPurpose(0.35, 'SecretARN', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:db-AbCdEf'),
    ];

    expect(likelyCauses(sampledEvidence({ purposes, refused: { AccessDenied: 130 } }))).toHaveLength(3);
  });

  it('are only possible where the sample is tiny, or where the key alone tells the service', () => {
    const tiny = { events: 5, purposes: [lakeObjects(1)] };
    const key = aKey({ manager: 'AWS', aliases: ['alias/aws/sqs'] });

    expect(likelyCauses(sampledEvidence(tiny))[0]?.certainty).toBe('possible');
    expect(likelyCauses(someEvidence({ key }))).toMatchObject([
      { id: 'sqs-short-data-key-reuse', certainty: 'possible', command: 'KmsDataKeyReusePeriodSeconds=3600' },
    ]);
  });

  it('do not believe an alias that only looks like one of AWS', () => {
    const key = aKey({ manager: 'CUSTOMER', aliases: ['alias/aws/sqs'] });

    expect(likelyCauses(someEvidence({ key }))).toEqual([]);
  });

  it('save no more than the share that they explain', () => {
    const [cause] = likelyCauses(sampledEvidence({ purposes: [lakeObjects(0.5)] }));

    expect(cause?.savedShare?.low).toBeCloseTo(0.8 * 0.46);
    expect(cause?.savedShare?.high).toBeCloseTo(0.99 * 0.54);
  });
});

/** Plain words, and words in single quotes: nothing that a shell would expand, split, run or redirect. */
const SAFE_LINE = /^(?:(?:[A-Za-z0-9_./:@%+=,-]+|'[^'\n]*')(?: (?!-[^-])|$))+$/;

const CONTEXTS: readonly (readonly [context: string, prefix: string])[] = [
  ['aws:s3:arn', 'arn:aws:s3:::'],
  ['aws:lambda:FunctionArn', 'arn:aws:lambda:eu-central-1:111122223333:function:'],
  ['aws:sqs:arn', 'arn:aws:sqs:eu-central-1:111122223333:'],
  ['aws:dynamodb:tableName', ''],
  ['aws:ebs:id', 'vol-'],
  ['PARAMETER_ARN', 'arn:aws:ssm:eu-central-1:111122223333:parameter'],
  ['SecretARN', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:'],
  ['__proto__', ''],
  ['aws-crypto-public-key', ''],
];

const HOSTILE = fc.oneof(
  fc.constantFrom(
    '$(touch pwned)',
    "'; rm -rf ~ #",
    '`id`',
    'a b',
    'a\nb',
    '--profile=evil',
    '-x',
    '\u202Eabc',
    '',
  ),
  fc.string({ unit: 'binary' }),
  fc.stringMatching(/^[A-Za-z0-9 $'"`;|&<>()*?~.\n-]{3,40}$/),
);

describe('hostile names', () => {
  it('never leave their quotes in a command, never become an option and never reach a sentence', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CONTEXTS),
        HOSTILE,
        HOSTILE,
        fc.constantFrom(undefined, 'object', 'bucket'),
        ([context, prefix], name, other, detail) => {
          const purpose = { ...aPurpose(0.9, context, prefix + name), ...(detail && { detail }) };
          const caller = aCaller(0.9, { name: `role/${other}`, userAgent: other, source: other });
          const sample = { callers: [caller], purposes: [purpose], refused: { [other]: 300 } };
          const causes = likelyCauses(
            sampledEvidence(sample, { recent: bins([240, 100], [24, 5_000], [24, 100]) }),
          );

          for (const { command, because } of causes) {
            if (command !== undefined) expect(command).toMatch(SAFE_LINE);
            expect(because.join(' ')).toMatch(/^[\x20-\x7E]*$/);
            expect(because.join(' ')).not.toMatch(/[`$"'|&<>*?~]/);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each(CONTEXTS)('appear in no command where AWS allows no such name: %s', (context, prefix) => {
    for (const name of [
      '-rf',
      '--profile=evil',
      'x;id',
      'x y',
      "x'y",
      'x\n--endpoint-url=https://evil.example',
    ]) {
      const purpose = { ...aPurpose(0.9, context, prefix + name), detail: 'object' as const };

      expect(likelyCauses(sampledEvidence({ purposes: [purpose] }))[0]?.command ?? '').not.toContain(name);
    }
  });

  it('that are good names are words of the line as they are', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/), (bucket) => {
        const [cause] = likelyCauses(
          sampledEvidence({ purposes: [lakeObjects(0.9, { value: `arn:aws:s3:::${bucket}` })] }),
        );

        expect(cause?.command?.split(' ')).toContain(bucket);
      }),
    );
  });
});

describe('the line that turns a Bucket Key on', () => {
  /** The words that `aws` gets when somebody pastes the line. */
  const wordsOf = (line = ''): string[] =>
    execFileSync('bash', ['-c', `aws() { printf '%s\\0' "$@"; }\n${line}`], { encoding: 'utf8' })
      .split('\0')
      .slice(0, -1);

  it.each([
    ['CUSTOMER', { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: aKey().keyArn }],
    ['AWS', { SSEAlgorithm: 'aws:kms' }],
  ] as const)('reaches the CLI whole, for a key of manager %s', (manager, encryption) => {
    const evidence = sampledEvidence({ purposes: [lakeObjects(0.9)] }, { key: aKey({ manager }) });
    const words = wordsOf(likelyCauses(evidence)[0]?.command);

    expect(words.slice(0, 4)).toEqual(['s3api', 'put-bucket-encryption', '--bucket', 'lake']);
    expect(JSON.parse(words.at(-1) ?? '')).toEqual({
      Rules: [{ ApplyServerSideEncryptionByDefault: encryption, BucketKeyEnabled: true }],
    });
  });
});

describe('any evidence', () => {
  it('gives shares between none and all, and the same answer twice', () => {
    const number = fc.oneof(fc.double(), fc.integer({ min: -10, max: 1_000_000 }));
    fc.assert(
      fc.property(
        fc.array(number, { maxLength: 400 }),
        number,
        number,
        fc.boolean(),
        (recent, now, usual, standing) => {
          const evidence = someEvidence({
            recent,
            standing,
            operations: [{ operation: 'GenerateDataKey', perHour: now, usualPerHour: usual }],
          });
          const causes = likelyCauses(evidence);

          for (const { savedShare } of causes) {
            expect(savedShare?.low).toBeGreaterThanOrEqual(0);
            expect(savedShare?.high).toBeLessThanOrEqual(1);
            expect(savedShare?.low).toBeLessThanOrEqual(savedShare?.high ?? 0);
          }
          expect(likelyCauses(evidence)).toEqual(causes);
        },
      ),
    );
  });
});
