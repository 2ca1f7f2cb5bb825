import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { describe, expect, it } from 'vitest';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import { ServiceQuotasLookup } from '../../shared/adapters/aws/service-quotas-lookup.ts';
import { MemoryQuotaLookup } from '../../shared/adapters/memory/memory-quota-lookup.ts';
import { describeQuotaLookup, type OpenedQuotaLookup } from './quota-lookup.contract.ts';

const DEFAULTS = { symmetric: 20_000, rsa: 1_000, ecc: 1_000, mlDsa: 1_000 };
const SYMMETRIC = 'Cryptographic operations (symmetric) request rate';

describeQuotaLookup('Memory', () => {
  const store = new MemoryQuotaLookup(DEFAULTS);
  return Promise.resolve({
    store,
    setSymmetric: (perSecond) => store.put({ ...DEFAULTS, symmetric: perSecond }),
    refuse: () => store.failWith(Object.assign(new Error('denied'), { name: 'AccessDeniedException' })),
    close: () => Promise.resolve(),
  });
});

async function openLocal(): Promise<OpenedQuotaLookup & { aws: LocalAws }> {
  const aws = await startLocalAws();
  const client = new ServiceQuotasClient({
    endpoint: aws.endpoint,
    region: aws.world.region,
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIALOCAL', secretAccessKey: 'local' },
  });
  return {
    store: new ServiceQuotasLookup(client),
    aws,
    setSymmetric: (value) => aws.quotas.kms.set(SYMMETRIC, { name: SYMMETRIC, value }),
    refuse: () => aws.faults.add({ service: 'servicequotas', error: 'AccessDenied', times: 'always' }),
    async close() {
      client.destroy();
      await aws.close();
    },
  };
}

describeQuotaLookup('Service Quotas', openLocal);

describe('Service Quotas over the wire', () => {
  it('is read to the last page', async () => {
    const { store, aws, close } = await openLocal();
    const ours = [...aws.quotas.kms];
    aws.quotas.kms.clear();
    for (let n = 0; n < 150; n++) aws.quotas.kms.set(`n${n}`, { name: `Quota ${n} request rate`, value: n });
    for (const [name, quota] of ours) aws.quotas.kms.set(name, quota);

    expect(await store.readQuotas()).toEqual(DEFAULTS);
    expect(aws.calls.map(({ action }) => action)).toEqual(Array(2).fill('servicequotas:ListServiceQuotas'));
    await close();
  });

  it('is understood in other units and spellings, and takes the smaller of two', async () => {
    const { store, aws, close } = await openLocal();
    const put = (name: string, value: number, unit = 'SECOND', each = 1) =>
      aws.quotas.kms.set(name, { name, value, period: { PeriodUnit: unit, PeriodValue: each } });
    aws.quotas.kms.clear();
    put('cryptographic operations (Symmetric)', 1_200_000, 'MINUTE');
    put('Cryptographic operations (ECC and SM2) request rate', 1_500, 'SECOND', 5);
    put('Cryptographic operations (ECC) request rate', 900);
    put('Cryptographic operations (RSA) request rate', 7, 'WEEK');
    put('Cryptographic operations (lattice) request rate', 5);

    expect(await store.readQuotas()).toEqual({ symmetric: 20_000, ecc: 300 });
    await close();
  });

  it('lets an outage through', async () => {
    const { store, aws, close } = await openLocal();
    aws.faults.add({ service: 'servicequotas', error: 'InternalFailure', times: 'always' });

    await expect(store.readQuotas()).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
    await close();
  });
});
