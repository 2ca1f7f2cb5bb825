import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseKeyEvent } from '../../../shared/adapters/aws/cloudtrail-event.ts';
import { aKeyArn } from '../../support/keys.ts';

const KEY = aKeyArn(1);

/** A record as CloudTrail writes one, with parts of it replaced. */
const parse = (more: Record<string, unknown> = {}) =>
  parseKeyEvent(
    {
      CloudTrailEvent: JSON.stringify({
        eventID: 'e1',
        eventName: 'Decrypt',
        eventTime: '2026-11-24T12:00:00Z',
        userIdentity: {
          type: 'AssumedRole',
          arn: 'arn:aws:sts::111122223333:assumed-role/etl/job',
          accountId: '111122223333',
          sessionContext: { sessionIssuer: { arn: 'arn:aws:iam::111122223333:role/etl', userName: 'etl' } },
          invokedBy: 's3.amazonaws.com',
        },
        sourceIPAddress: 's3.amazonaws.com',
        userAgent: 's3.amazonaws.com',
        requestParameters: { encryptionContext: { 'aws:s3:arn': 'arn:aws:s3:::lake/part' } },
        resources: [{ ARN: KEY, accountId: '111122223333', type: 'AWS::KMS::Key' }],
        ...more,
      }),
    },
    KEY,
  );

describe('an event of CloudTrail', () => {
  it('is read', () => {
    expect(parse()).toEqual({
      kind: 'event',
      event: {
        id: 'e1',
        at: Date.UTC(2026, 10, 24, 12) / 1000,
        operation: 'Decrypt',
        identity: {
          type: 'AssumedRole',
          arn: 'arn:aws:sts::111122223333:assumed-role/etl/job',
          accountId: '111122223333',
          invokedBy: 's3.amazonaws.com',
          issuer: { arn: 'arn:aws:iam::111122223333:role/etl', userName: 'etl' },
        },
        source: 's3.amazonaws.com',
        userAgent: 's3.amazonaws.com',
        encryptionContext: { 'aws:s3:arn': 'arn:aws:s3:::lake/part' },
      },
    });
  });

  it.each<[string, Record<string, unknown>]>([
    ['without an identity', { userIdentity: undefined }],
    ['with an identity of another type', { userIdentity: 'root' }],
    ['with a session of another type', { userIdentity: { sessionContext: [] } }],
    ['without parameters', { requestParameters: null }],
    ['with a context of another type', { requestParameters: { encryptionContext: 'none' } }],
    ['without resources', { resources: null }],
    ['with resources of another type', { resources: [null] }],
    ['with a numeric user agent', { userAgent: 7 }],
  ])('is read %s', (_, more) => {
    expect(parse(more)).toMatchObject({ kind: 'event', event: { id: 'e1', operation: 'Decrypt' } });
  });

  it('keeps the texts of a context only, and not many', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`k${n}`, 'v']));

    expect(parse({ requestParameters: { encryptionContext: { a: 'x', b: 7, c: null } } })).toHaveProperty(
      'event.encryptionContext',
      { a: 'x' },
    );
    const parsed = parse({ requestParameters: { encryptionContext: many } });
    expect(parsed.kind === 'event' && Object.keys(parsed.event.encryptionContext)).toHaveLength(20);
  });

  it('is another key’s when it names others only', () => {
    expect(parse({ resources: [{ ARN: aKeyArn(2) }] })).toEqual({ kind: 'ofAnotherKey' });
    expect(parse({ resources: [{ ARN: aKeyArn(2) }, { ARN: KEY }] }).kind).toBe('event');
  });

  it.each([undefined, '', 'null', '[]', '{', '{"eventName":"Decrypt"}'])(
    'is unreadable as %s',
    (CloudTrailEvent) => {
      expect(parseKeyEvent(CloudTrailEvent === undefined ? {} : { CloudTrailEvent }, KEY)).toEqual({
        kind: 'unreadable',
      });
      expect(parse({ eventTime: 'yesterday' })).toEqual({ kind: 'unreadable' });
    },
  );

  it('never throws', () => {
    fc.assert(
      fc.property(fc.json(), fc.dictionary(fc.string(), fc.jsonValue()), (json, more) => {
        expect(parseKeyEvent({ CloudTrailEvent: json }, KEY).kind).toBe('unreadable');
        expect(['event', 'ofAnotherKey', 'unreadable']).toContain(parse(more).kind);
      }),
    );
  });
});
