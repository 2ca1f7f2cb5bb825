import { KMSClient } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import { KmsKeyLookup } from '../../shared/adapters/aws/kms-key-lookup.ts';
import { MemoryKeyLookup } from '../../shared/adapters/memory/memory-key-lookup.ts';
import { keyArnParts } from '../../shared/domain/usage/key.ts';
import { aKeyArn } from '../support/keys.ts';
import { describeKeyLookup, type NewKey, type OpenedKeyLookup } from './key-lookup.contract.ts';

describeKeyLookup('Memory', () => {
  const store = new MemoryKeyLookup();
  let keys = 0;
  return Promise.resolve({
    store,
    addKey({ aliases = [], spec = 'SYMMETRIC_DEFAULT', description }) {
      const keyArn = aKeyArn(++keys);
      const described = description === undefined ? {} : { description };
      store.put({ keyArn, aliases, spec, manager: 'CUSTOMER', ...described });
      return Promise.resolve(keyArn);
    },
    close: () => Promise.resolve(),
  });
});

async function openLocal(): Promise<OpenedKeyLookup & { aws: LocalAws }> {
  const aws = await startLocalAws();
  const client = new KMSClient({
    endpoint: aws.endpoint,
    region: aws.world.region,
    credentials: { accessKeyId: 'AKIALOCAL', secretAccessKey: 'local' },
  });
  return {
    store: new KmsKeyLookup(client),
    aws,
    addKey: (key) => Promise.resolve(addKey(aws, key)),
    async close() {
      client.destroy();
      await aws.close();
    },
  };
}

function addKey(
  aws: LocalAws,
  { aliases = [], spec = 'SYMMETRIC_DEFAULT', description = '' }: NewKey,
  account?: string,
) {
  const keyArn = aKeyArn(aws.kms.keys.length + 1, account ?? aws.world.accountId);
  const { keyId, accountId } = keyArnParts(keyArn);
  aws.kms.keys.push({
    arn: keyArn,
    keyId,
    ownerAccountId: accountId,
    aliases,
    manager: 'CUSTOMER',
    keySpec: spec,
    description,
    createdAt: 1_700_000_000,
    multiRegion: false,
    state: 'Enabled',
  });
  return keyArn;
}

describeKeyLookup('KMS', openLocal);

describe('KMS over the wire', () => {
  it('does not describe a key that is not ours to see', async () => {
    const { store, aws, close } = await openLocal();
    const foreign = addKey(aws, {}, '444455556666');

    expect(await store.describeKey(foreign)).toBeUndefined();
    await close();
  });

  it('does not list the aliases of AWS managed keys that were never used', async () => {
    const { store, close } = await openLocal();

    expect(await store.listAliases()).toEqual(new Map());
    await close();
  });

  it('lets other failures through', async () => {
    const { store, aws, close } = await openLocal();
    aws.faults.add({ service: 'kms', error: 'InternalFailure', times: 'always' });

    await expect(store.describeKey(aKeyArn(1))).rejects.toThrow(/unknown error/);
    await expect(store.listAliases()).rejects.toThrow(/unknown error/);
    await close();
  });

  it('keeps a description short', async () => {
    const { store, close, addKey: add } = await openLocal();
    const keyArn = await add({ description: 'x'.repeat(8000) });

    expect((await store.describeKey(keyArn))?.description).toHaveLength(256);
    await close();
  });
});
