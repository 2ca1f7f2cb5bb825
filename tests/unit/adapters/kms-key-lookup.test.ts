import { DescribeKeyCommand, KMSClient, ListAliasesCommand } from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { KmsKeyLookup } from '../../../shared/adapters/aws/kms-key-lookup.ts';
import { aKeyArn } from '../../support/keys.ts';

const client = new KMSClient({});
const kms = mockClient(client);
const lookup = new KmsKeyLookup(client);

beforeEach(() => {
  kms.reset();
});

const anError = (name: string) => Object.assign(new Error('as it happens'), { name });

describe('aliases of KMS', () => {
  it('belong to the key of their own partition, Region and account', async () => {
    kms.on(ListAliasesCommand).resolves({
      Aliases: [
        {
          AliasName: 'alias/a',
          AliasArn: 'arn:aws-us-gov:kms:us-gov-west-1:444455556666:alias/a',
          TargetKeyId: 'mrk-1234abcd12ab34cd56ef1234567890ab',
        },
      ],
    });

    expect([...(await lookup.listAliases())]).toEqual([
      ['arn:aws-us-gov:kms:us-gov-west-1:444455556666:key/mrk-1234abcd12ab34cd56ef1234567890ab', ['alias/a']],
    ]);
  });

  it.each([
    [
      'points nowhere',
      { AliasName: 'alias/aws/ebs', AliasArn: 'arn:aws:kms:eu-west-1:111122223333:alias/aws/ebs' },
    ],
    ['has no ARN', { AliasName: 'alias/a', TargetKeyId: '1234abcd' }],
    ['has no name', { AliasArn: 'arn:aws:kms:eu-west-1:111122223333:alias/a', TargetKeyId: '1234abcd' }],
    ['has an odd ARN', { AliasName: 'alias/a', AliasArn: 'alias/a', TargetKeyId: '1234abcd' }],
  ])('are passed over when one %s', async (_, alias) => {
    kms.on(ListAliasesCommand).resolves({ Aliases: [alias] });

    expect(await lookup.listAliases()).toEqual(new Map());
  });

  it('are gathered over pages, empty ones included', async () => {
    const alias = (n: number) => ({
      AliasName: `alias/${n}`,
      AliasArn: `arn:aws:kms:eu-central-1:111122223333:alias/${n}`,
      TargetKeyId: aKeyArn(7).split('key/')[1],
    });
    kms
      .on(ListAliasesCommand)
      .resolvesOnce({ Aliases: [alias(1)], NextMarker: 'a', Truncated: true })
      .resolvesOnce({ Aliases: [], NextMarker: 'b', Truncated: true })
      .resolvesOnce({ Aliases: [alias(2)], Truncated: false });

    expect(await lookup.listAliases()).toEqual(new Map([[aKeyArn(7), ['alias/1', 'alias/2']]]));
    expect(kms).toHaveReceivedNthCommandWith(ListAliasesCommand, 3, { Marker: 'b' });
  });
});

describe('a key of KMS', () => {
  it('is described with what KMS tells of it', async () => {
    kms
      .on(DescribeKeyCommand)
      .resolves({ KeyMetadata: { KeyId: 'x', KeySpec: 'ECC_NIST_P256', Description: '' } });

    expect(await lookup.describeKey(aKeyArn(1))).toEqual({ spec: 'ECC_NIST_P256' });
    expect(kms).toHaveReceivedCommandWith(DescribeKeyCommand, { KeyId: aKeyArn(1) });
  });

  it.each(['NotFoundException', 'AccessDeniedException', 'InvalidArnException'])(
    'is unknown when KMS answers %s',
    async (name) => {
      kms.on(DescribeKeyCommand).rejects(anError(name));

      expect(await lookup.describeKey(aKeyArn(1))).toBeUndefined();
    },
  );

  it('is unknown when the answer is empty', async () => {
    kms.on(DescribeKeyCommand).resolves({});

    expect(await lookup.describeKey(aKeyArn(1))).toBeUndefined();
  });

  it.each(['ThrottlingException', 'KMSInternalException', 'TimeoutError'])(
    'is a failure when it is %s',
    async (name) => {
      kms.on(DescribeKeyCommand).rejects(anError(name));

      await expect(lookup.describeKey(aKeyArn(1))).rejects.toThrow('as it happens');
    },
  );
});
