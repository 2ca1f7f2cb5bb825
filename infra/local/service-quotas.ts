import * as z from 'zod';
import { parseInput } from './input.ts';
import { pagePosition, pageToken } from './page-token.ts';
import { ApiError, type Service } from './service.ts';
import type { World } from './world.ts';

/** A quota as Service Quotas lists it. */
export interface LocalQuota {
  readonly name: string;
  readonly value: number;
  /** @default a second */
  readonly period?: { readonly PeriodUnit: string; readonly PeriodValue: number };
}

/** The embedded Service Quotas, for tests and the demo to reach into. */
export interface LocalServiceQuotas {
  /** Quotas of KMS, by name. Put another value here to adjust one, remove one to leave its default unlisted. */
  readonly kms: Map<string, LocalQuota>;
}

const listInput = z.object({
  ServiceCode: z.string().min(1).max(63),
  MaxResults: z.number().int().min(1).max(100).optional(),
  NextToken: z.string().optional(),
});

/** The documented defaults, and some quotas that a reader has to tell apart from them. */
const DEFAULTS: readonly (readonly [name: string, value: number])[] = [
  ['CancelKeyDeletion request rate', 5],
  ['Cryptographic operations (ECC) request rate', 1_000],
  ['Cryptographic operations (ML-DSA) request rate', 1_000],
  ['Cryptographic operations (RSA) request rate', 1_000],
  ['Cryptographic operations (symmetric) request rate', 20_000],
  ['DescribeKey request rate', 2_000],
  ['GenerateDataKeyPair (RSA_2048) request rate', 1],
  ['ListAliases request rate', 500],
];

/**
 * Service Quotas of a world: ListServiceQuotas of KMS
 * (https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_ListServiceQuotas.html).
 */
export function createServiceQuotas(world: World): { service: Service; quotas: LocalServiceQuotas } {
  const quotas: LocalServiceQuotas = {
    kms: new Map(DEFAULTS.map(([name, value]) => [name, { name, value }])),
  };
  const described = ({ name, value, period }: LocalQuota, index: number) => {
    const code = `L-${String(index + 1).padStart(8, '0')}`;
    return {
      ServiceCode: 'kms',
      ServiceName: 'AWS Key Management Service (AWS KMS)',
      QuotaArn: `arn:aws:servicequotas:${world.region}:${world.accountId}:kms/${code}`,
      QuotaCode: code,
      QuotaName: name,
      Value: value,
      Unit: 'None',
      Adjustable: true,
      GlobalQuota: false,
      Period: period ?? { PeriodUnit: 'SECOND', PeriodValue: 1 },
    };
  };
  const service: Service = {
    name: 'servicequotas',
    actions: {
      ListServiceQuotas(input) {
        const { ServiceCode, MaxResults = 100, NextToken } = parseInput(listInput, input);
        if (ServiceCode !== 'kms') {
          throw new ApiError(
            'NoSuchResourceException',
            `The request failed because the specified service does not exist.`,
          );
        }
        const request = { ...input, NextToken: undefined };
        const first = NextToken === undefined ? 0 : pagePosition(request, NextToken, 0).item;
        const all = [...quotas.kms.values()].map(described);
        const end = first + MaxResults;
        return {
          Quotas: all.slice(first, end),
          ...(end < all.length && { NextToken: pageToken(request, { item: end, part: 0, asOf: 0 }) }),
        };
      },
    },
  };
  return { service, quotas };
}
