import type { QuotaLookup } from '../../app/ports.ts';
import type { QuotaGroup } from '../../domain/assess/quota.ts';

/** Quotas in memory; none by default, so that the documented ones hold. */
export class MemoryQuotaLookup implements QuotaLookup {
  #quotas: Partial<Record<QuotaGroup, number>>;
  #error: Error | undefined;

  constructor(quotas: Readonly<Partial<Record<QuotaGroup, number>>> = {}) {
    this.#quotas = { ...quotas };
  }

  /** Sets the quotas from now on. */
  put(quotas: Readonly<Partial<Record<QuotaGroup, number>>>): void {
    this.#quotas = { ...quotas };
  }

  /** Lets every look fail from now on; undefined: lets it answer again. */
  failWith(error: Error | undefined): void {
    this.#error = error;
  }

  readQuotas(): Promise<Readonly<Partial<Record<QuotaGroup, number>>>> {
    return this.#error ? Promise.reject(this.#error) : Promise.resolve({ ...this.#quotas });
  }
}
