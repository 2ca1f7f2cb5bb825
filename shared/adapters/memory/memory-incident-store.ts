import type { IncidentStore, OpenIncidents, Versioned, WriteOutcome } from '../../app/ports.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import type { IncidentRecord } from '../../domain/incident/notification.ts';
import type { KeyArn } from '../../domain/usage/key.ts';
import type { Bin } from '../../domain/usage/time.ts';

/** Incidents in memory. */
export class MemoryIncidentStore implements IncidentStore {
  readonly #open = new Map<KeyArn, Versioned>();
  readonly #closed = new Map<KeyArn, Map<Bin, Incident>>();

  loadOpen(): Promise<OpenIncidents> {
    return Promise.resolve({ open: structuredClone([...this.#open.values()]), unreadable: [] });
  }

  put(record: IncidentRecord, expectedVersion: number): Promise<WriteOutcome> {
    const { keyArn } = record.incident;
    if ((this.#open.get(keyArn)?.version ?? 0) !== expectedVersion) return Promise.resolve('conflict');
    this.#open.set(keyArn, { record: structuredClone(record), version: expectedVersion + 1 });
    return Promise.resolve('written');
  }

  archive(incident: Incident): Promise<void> {
    const incidents = this.#closed.get(incident.keyArn) ?? new Map<Bin, Incident>();
    incidents.set(incident.openedBin, structuredClone(incident));
    this.#closed.set(incident.keyArn, incidents);
    return Promise.resolve();
  }

  remove(keyArn: KeyArn, expectedVersion: number): Promise<WriteOutcome> {
    const open = this.#open.get(keyArn);
    if (open && open.version !== expectedVersion) return Promise.resolve('conflict');
    this.#open.delete(keyArn);
    return Promise.resolve('written');
  }

  closed(keyArn: KeyArn, limit: number): Promise<Incident[]> {
    const incidents = [...(this.#closed.get(keyArn)?.values() ?? [])];
    const newestFirst = incidents.toSorted((a, b) => b.openedBin - a.openedBin);
    return Promise.resolve(structuredClone(newestFirst.slice(0, Math.max(0, limit))));
  }
}
