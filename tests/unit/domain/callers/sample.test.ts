import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../../../shared/domain/callers/sample.ts';
import { aKeyEvent, aRole, keyEvents } from '../../../support/key-events.ts';

const object = (bucket: string, key: string) => ({ 'aws:s3:arn': `arn:aws:s3:::${bucket}/${key}` });
const purposes = (contexts: readonly Record<string, string>[]) =>
  sampleOf(contexts.map((encryptionContext) => aKeyEvent({ encryptionContext })))?.purposes.map(
    ({ context, value, events, distinct }) => [context, value, events, distinct],
  );

describe('a sample', () => {
  it('names callers by their share, sessions of a role as one', () => {
    const events = [
      ...keyEvents(60, { identity: aRole('etl', 'a'), source: '192.0.2.1', userAgent: 'aws-sdk-java' }),
      ...keyEvents(20, { identity: aRole('etl', 'b'), source: '192.0.2.2', userAgent: 'aws-sdk-java' }),
      ...keyEvents(20, { identity: { type: 'Root' }, operation: 'Encrypt', at: 1_795_599_000 }),
    ];

    const sample = sampleOf(events);

    expect(sample).toMatchObject({ events: 100, from: 1_795_599_000, to: 1_795_600_000 });
    expect(sample?.operations).toEqual({ Decrypt: 80, Encrypt: 20 });
    expect(sample?.callers).toMatchObject([
      { name: 'role/etl', events: 80, share: 0.8, source: '192.0.2.1', userAgent: 'aws-sdk-java' },
      { name: 'root', events: 20, share: 0.2 },
    ]);
    expect(sample?.callers[0]?.low).toBeCloseTo(0.7112, 3);
    expect(sample?.callers[0]?.high).toBeCloseTo(0.8666, 3);
  });

  it('tells a role that calls by itself from the same role through a service', () => {
    const viaS3 = { ...aRole('etl'), invokedBy: 's3.amazonaws.com' };

    const sample = sampleOf([...keyEvents(3, { identity: viaS3 }), ...keyEvents(1)]);

    expect(sample?.callers.map(({ name, via, events }) => [name, via, events])).toEqual([
      ['role/etl', 's3.amazonaws.com', 3],
      ['role/etl', undefined, 1],
    ]);
  });

  it('counts refused calls apart', () => {
    const sample = sampleOf([
      ...keyEvents(2),
      ...keyEvents(3, { errorCode: 'AccessDenied', identity: aRole('intruder') }),
      aKeyEvent({ errorCode: 'ThrottlingException' }),
    ]);

    expect(sample?.events).toBe(2);
    expect(sample?.refused).toEqual({ AccessDenied: 3, ThrottlingException: 1 });
    expect(sample?.callers.map(({ name, share }) => [name, share])).toEqual([['role/etl', 1]]);
  });

  it('counts an event once, and only what uses the key', () => {
    const twice = aKeyEvent();

    expect(sampleOf([twice, twice, aKeyEvent({ operation: 'DescribeKey' })])?.events).toBe(1);
    expect(sampleOf([aKeyEvent({ operation: 'DescribeKey' })])).toBeUndefined();
    expect(sampleOf([])).toBeUndefined();
  });

  it('names at most five of each', () => {
    const events = Array.from({ length: 30 }, (_, n) => [
      aKeyEvent({ identity: aRole(`r${n}`), encryptionContext: { SecretARN: `secret-${n}` } }),
      aKeyEvent({ errorCode: `Code${n}` }),
    ]).flat();

    const sample = sampleOf(events);

    expect(sample?.callers).toHaveLength(5);
    expect(sample?.purposes).toHaveLength(5);
    expect(Object.keys(sample?.refused ?? {})).toHaveLength(5);
    expect(sample?.events).toBe(30);
  });

  it('stays small and whole, whatever was written', () => {
    const long = '😀'.repeat(50_000);
    const event = aKeyEvent({
      identity: { type: 'IAMUser', userName: long, arn: long },
      source: long,
      userAgent: long,
      encryptionContext: { ['__proto__']: 'x', [long]: long },
    });

    const sample = sampleOf([event, aKeyEvent({ errorCode: '__proto__' }), aKeyEvent({ errorCode: long })]);

    const text = JSON.stringify(sample);
    expect(text.length).toBeLessThan(2000);
    expect(text).not.toMatch(/\p{Surrogate}/u);
    expect(Object.keys(sample?.refused ?? {})).toContain('__proto__');
  });
});

describe('the purposes of calls', () => {
  it('are buckets, and say how many of their objects were met', () => {
    expect(purposes([object('lake', 'a/1'), object('lake', 'b/2'), object('lake', 'b/2')])).toEqual([
      ['aws:s3:arn', 'arn:aws:s3:::lake', 3, 2],
    ]);
  });

  it('are buckets without objects where the bucket has a Bucket Key', () => {
    expect(purposes([{ 'aws:s3:arn': 'arn:aws:s3:::lake' }, { 'aws:s3:arn': 'arn:aws:s3:::lake' }])).toEqual([
      ['aws:s3:arn', 'arn:aws:s3:::lake', 2, undefined],
    ]);
  });

  it('tell objects without a Bucket Key from those with one in the same bucket', () => {
    const contexts = [object('lake', 'a/1'), object('lake', 'b/2'), { 'aws:s3:arn': 'arn:aws:s3:::lake' }];
    const sample = sampleOf(contexts.map((encryptionContext) => aKeyEvent({ encryptionContext })));

    expect(sample?.purposes.map(({ detail, events }) => [detail, events])).toEqual([
      ['object', 2],
      ['bucket', 1],
    ]);
  });

  it('are functions, whatever their version', () => {
    const arn = 'arn:aws:lambda:eu-central-1:111122223333:function:resize';

    expect(
      purposes([{ 'aws:lambda:FunctionArn': arn }, { 'aws:lambda:FunctionArn': `${arn}:7` }]),
    ).toMatchObject([['aws:lambda:FunctionArn', arn, 2, 2]]);
  });

  it('are one a call where AWS made the context', () => {
    expect(
      purposes([
        { SecretVersionId: 'v1', SecretARN: 'arn:aws:secretsmanager:eu-central-1:1:secret:db' },
        { 'aws:dynamodb:subscriberId': '111122223333', 'aws:dynamodb:tableName': 'orders' },
      ]),
    ).toEqual([
      ['SecretARN', 'arn:aws:secretsmanager:eu-central-1:1:secret:db', 1, undefined],
      ['aws:dynamodb:tableName', 'orders', 1, undefined],
    ]);
  });

  it('are what an application wrote, without the signature keys of the AWS Encryption SDK', () => {
    expect(purposes([{ 'aws-crypto-public-key': 'A1', tenant: 'acme', stage: 'prod' }])).toEqual([
      ['tenant', 'acme', 1, undefined],
      ['stage', 'prod', 1, undefined],
    ]);
  });

  it('are one where an application writes another number into each call', () => {
    const contexts = Array.from({ length: 40 }, (_, n) => ({ order: String(n), app: 'shop' }));

    expect(purposes(contexts)).toEqual([
      ['order', '(40 different values)', 40, 40],
      ['app', 'shop', 40, undefined],
    ]);
  });
});
