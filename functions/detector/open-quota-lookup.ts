import { ServiceQuotasClient, type ServiceQuotasClientConfig } from '@aws-sdk/client-service-quotas';
import { ServiceQuotasLookup } from '../../shared/adapters/aws/service-quotas-lookup.ts';
import type { QuotaLookup } from '../../shared/app/ports.ts';

/** Service Quotas of a Region. A chunk of its own: it is needed once a day. */
export const openQuotaLookup = (client: ServiceQuotasClientConfig): QuotaLookup =>
  new ServiceQuotasLookup(new ServiceQuotasClient(client));
