import {
  DescribeKeyCommand,
  ListAliasesCommand,
  ListKeysCommand,
  paginateListAliases,
  paginateListKeys,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { aKey, aWorld, keyArn } from './a-world.ts';
import { clientsOf, startForTest } from './clients.ts';

const STRANGER = '999988887777';

const manyKeys = aWorld(
  [],
  {},
  Array.from({ length: 120 }, (_, i) => aKey(`k${i}`, { aliases: [`alias/name-${i}`] })),
);

describe('ListKeys', () => {
  test('pages through the keys of the account', async () => {
    const { kms } = await startForTest({ world: manyKeys });

    const pages = [];
    for await (const page of paginateListKeys({ client: kms }, { Limit: 50 })) pages.push(page);

    expect(pages.map(({ Keys, Truncated }) => [Keys?.length, Truncated])).toEqual([
      [50, true],
      [50, true],
      [20, false],
    ]);
    expect(pages[0]?.Keys?.[0]).toEqual({ KeyId: 'k0', KeyArn: keyArn('k0') });
  });

  test('holds 100 keys a page unless told otherwise', async () => {
    const { kms } = await startForTest({ world: manyKeys });

    const { Keys } = await kms.send(new ListKeysCommand({}));

    expect(Keys).toHaveLength(100);
  });

  test('does not know the keys of others', async () => {
    const foreign = aKey('f', { arn: keyArn('f', STRANGER), ownerAccountId: STRANGER });
    const { kms } = await startForTest({ world: aWorld([], {}, [aKey('k'), foreign]) });

    const { Keys } = await kms.send(new ListKeysCommand({}));

    expect(Keys?.map(({ KeyId }) => KeyId)).toEqual(['k']);
  });

  test('another Region is empty', async () => {
    const { aws } = await startForTest({ world: manyKeys });
    const { kms } = clientsOf(aws, { region: 'us-east-1' });

    const { Keys } = await kms.send(new ListKeysCommand({}));

    expect(Keys).toEqual([]);
  });
});

describe('ListAliases', () => {
  test('pages, and ends with the aliases of AWS that point nowhere yet', async () => {
    const { kms } = await startForTest({ world: manyKeys });

    const aliases = [];
    for await (const page of paginateListAliases({ client: kms }, {})) aliases.push(...(page.Aliases ?? []));

    expect(aliases).toHaveLength(123);
    expect(aliases[0]).toMatchObject({ AliasName: 'alias/name-0', TargetKeyId: 'k0' });
    expect(aliases.at(-1)).not.toHaveProperty('TargetKeyId');
  });

  test('answers the aliases of one key', async () => {
    const { kms } = await startForTest({ world: manyKeys });

    const { Aliases } = await kms.send(new ListAliasesCommand({ KeyId: 'k7' }));

    expect(Aliases?.map(({ AliasName }) => AliasName)).toEqual(['alias/name-7']);
  });

  test('refuses a marker it did not give', async () => {
    const { kms } = await startForTest({ world: manyKeys });

    const answer = kms.send(new ListAliasesCommand({ Marker: 'x' }));

    await expect(answer).rejects.toMatchObject({ name: 'InvalidMarkerException' });
  });
});

describe('DescribeKey', () => {
  const rsa = aKey('k', { aliases: ['alias/jwt'], keySpec: 'RSA_2048', description: 'Signs tokens' });

  test.each(['k', keyArn('k'), 'alias/jwt', keyArn('k').replace('key/k', 'alias/jwt')])(
    'finds a key by %s',
    async (KeyId) => {
      const { kms } = await startForTest({ world: aWorld([], {}, [rsa]) });

      const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));

      expect(KeyMetadata).toMatchObject({
        Arn: keyArn('k'),
        KeyId: 'k',
        KeySpec: 'RSA_2048',
        KeyUsage: 'SIGN_VERIFY',
        KeyManager: 'CUSTOMER',
        KeyState: 'Enabled',
        Origin: 'AWS_KMS',
        MultiRegion: false,
        Description: 'Signs tokens',
      });
    },
  );

  test.each([
    ['nobody', `Key '${keyArn('nobody')}' does not exist`],
    ['alias/nobody', `Alias ${keyArn('x').replace('key/x', 'alias/nobody')} is not found.`],
  ])('does not find %s', async (KeyId, message) => {
    const { kms } = await startForTest({ world: aWorld([], {}, [rsa]) });

    const answer = kms.send(new DescribeKeyCommand({ KeyId }));

    await expect(answer).rejects.toMatchObject({ name: 'NotFoundException', message });
  });

  test('does not tell about the keys of others', async () => {
    const foreign = aKey('f', { arn: keyArn('f', STRANGER), ownerAccountId: STRANGER });
    const { kms } = await startForTest({ world: aWorld([], {}, [foreign]) });

    const answer = kms.send(new DescribeKeyCommand({ KeyId: foreign.arn }));

    await expect(answer).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});
