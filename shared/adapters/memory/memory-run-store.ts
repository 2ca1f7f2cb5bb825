import type { LeaseOutcome, RunStore } from '../../app/ports.ts';
import type { BudgetUse } from '../../domain/incident/alert-budget.ts';
import type { RunReport } from '../../domain/run-report.ts';
import type { EpochSeconds } from '../../domain/usage/time.ts';
import { boundedReport } from '../bounded-report.ts';

/** The state of the runs in memory. */
export class MemoryRunStore implements RunStore {
  #lease: { readonly runId: string; readonly expiresAt: EpochSeconds } | undefined;
  #report: RunReport | undefined;
  #discoveredAt: EpochSeconds | undefined;
  #budgetUse: BudgetUse | undefined;

  acquireLease(runId: string, now: EpochSeconds, seconds: number): Promise<LeaseOutcome> {
    const lease = this.#lease;
    if (lease && lease.runId !== runId && lease.expiresAt > now) {
      return Promise.resolve({ held: false, by: lease.runId });
    }
    this.#lease = { runId, expiresAt: now + seconds };
    return Promise.resolve({ held: true });
  }

  releaseLease(runId: string): Promise<void> {
    if (this.#lease?.runId === runId) this.#lease = undefined;
    return Promise.resolve();
  }

  lastReport(): Promise<RunReport | undefined> {
    return Promise.resolve(structuredClone(this.#report));
  }

  saveReport(report: RunReport): Promise<void> {
    this.#report = structuredClone(boundedReport(report));
    return Promise.resolve();
  }

  lastDiscovery(): Promise<EpochSeconds | undefined> {
    return Promise.resolve(this.#discoveredAt);
  }

  saveDiscovery(at: EpochSeconds): Promise<void> {
    this.#discoveredAt = at;
    return Promise.resolve();
  }

  budgetUse(): Promise<BudgetUse | undefined> {
    return Promise.resolve(structuredClone(this.#budgetUse));
  }

  saveBudgetUse(use: BudgetUse): Promise<void> {
    this.#budgetUse = structuredClone(use);
    return Promise.resolve();
  }
}
