import {
  paginateListServiceQuotas,
  type ServiceQuota,
  type ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import type { QuotaLookup } from '../../app/ports.ts';
import type { QuotaGroup } from '../../domain/assess/quota.ts';
import { entryOf } from '../../domain/entry-of.ts';

/** Seconds of the units that a request quota may be counted in; longer ones are no request rates. */
const UNIT_SECONDS: Readonly<Record<string, number>> = { SECOND: 1, MINUTE: 60, HOUR: 3600 };

/**
 * `Cryptographic operations (symmetric) request rate` and its likes, as the developer guide names them
 * (https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html). SM2 shares ECC's.
 */
const SHARED_QUOTA = /^cryptographic operations \((symmetric|rsa|ecc|ecc and sm2|ml-dsa)\)( request rate)?$/i;

const GROUPS: Readonly<Record<string, QuotaGroup>> = {
  symmetric: 'symmetric',
  rsa: 'rsa',
  ecc: 'ecc',
  'ecc and sm2': 'ecc',
  'ml-dsa': 'mlDsa',
};

/** The account's own request quotas by ListServiceQuotas. Told apart by name: codes are not documented for all of them. */
export class ServiceQuotasLookup implements QuotaLookup {
  readonly #client: ServiceQuotasClient;

  constructor(client: ServiceQuotasClient) {
    this.#client = client;
  }

  async readQuotas(): Promise<Readonly<Partial<Record<QuotaGroup, number>>>> {
    const quotas: Partial<Record<QuotaGroup, number>> = {};
    const pages = paginateListServiceQuotas({ client: this.#client, pageSize: 100 }, { ServiceCode: 'kms' });
    for await (const page of pages) {
      for (const quota of page.Quotas ?? []) {
        const group = groupOf(quota);
        const perSecond = perSecondOf(quota);
        // Of two that mean the same, the smaller one refuses first.
        if (group && perSecond !== undefined) {
          quotas[group] = Math.min(perSecond, quotas[group] ?? Number.POSITIVE_INFINITY);
        }
      }
    }
    return quotas;
  }
}

function groupOf({ QuotaName }: ServiceQuota): QuotaGroup | undefined {
  const [, kind] = SHARED_QUOTA.exec(QuotaName?.trim() ?? '') ?? [];
  return kind === undefined ? undefined : GROUPS[kind.toLowerCase()];
}

/** A quota without a period is per second, as KMS documents all of its request quotas. */
function perSecondOf({ Value, Period }: ServiceQuota): number | undefined {
  const unit = entryOf(UNIT_SECONDS, Period?.PeriodUnit ?? 'SECOND');
  const seconds = unit === undefined ? 0 : unit * (Period?.PeriodValue ?? 1);
  return Value !== undefined && Value > 0 && seconds > 0 ? Value / seconds : undefined;
}
