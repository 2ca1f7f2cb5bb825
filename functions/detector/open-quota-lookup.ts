import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { ServiceQuotasLookup } from '../../shared/adapters/aws/service-quotas-lookup.ts';
import type { QuotaLookup } from '../../shared/app/ports.ts';

/** Service Quotas of a Region. A chunk of its own: it is needed once a day. */
export const openQuotaLookup = (region: string): QuotaLookup =>
  new ServiceQuotasLookup(new ServiceQuotasClient({ region }));
