import { isRegionSubject, type KeyArn, parseKeyArn } from '../../domain/usage/key.ts';
import { shardOf } from '../../domain/usage/shard.ts';
import type { DetectPorts } from '../detect-request.ts';
import type { BaselineStore, ShardListing, ShardPart } from '../ports.ts';
import type { Lease } from '../take-lease.ts';

/** The world of a step that needs no baselines. */
export const NO_BASELINES: BaselineStore = {
  loadAll: () => Promise.resolve([]),
  save: () => Promise.reject(new Error('this step saves no baselines')),
};

/** Writes of a shard's check are conditional, item by item, and it sends nothing: there is nothing to guard. */
export const NO_LEASE_NEEDED: Lease = { held: true, release: () => Promise.resolve() };

/** The world as one shard of it: its own keys, and what was listed for it. It refreshes nothing that all shards share. */
export function shardPorts(
  ports: DetectPorts,
  shard: number,
  listing: ShardListing,
  last: ShardPart | undefined,
): DetectPorts {
  const isOwn = (keyArn: KeyArn) => !isRegionSubject(keyArn) && shardOf(keyArn) === shard;
  const isOwnItem = (item: string) => {
    const keyArn = parseKeyArn(item);
    return keyArn !== undefined && isOwn(keyArn);
  };
  return {
    ...ports,
    baselines: {
      loadAll: () => ports.baselines.loadAll(shard),
      save: (key, expiresAt) => ports.baselines.save(key, expiresAt),
    },
    incidents: {
      async loadOpen() {
        const { open, unreadable } = await ports.incidents.loadOpen();
        return {
          open: open.filter(({ record }) => isOwn(record.incident.keyArn)),
          unreadable: unreadable.filter(({ item }) => isOwnItem(item)),
        };
      },
      put: (record, version) => ports.incidents.put(record, version),
      archive: (incident) => ports.incidents.archive(incident),
      remove: (keyArn, version) => ports.incidents.remove(keyArn, version),
      closed: (keyArn, limit) => ports.incidents.closed(keyArn, limit),
    },
    metricDirectory: { listMetrics: () => Promise.resolve([...listing.metrics]) },
    keyLookup: {
      listAliases: () => Promise.reject(new Error('names are read by the first step')),
      describeKey: () => Promise.resolve(undefined),
    },
    quotaLookup: { readQuotas: () => Promise.reject(new Error('quotas are read by the first step')) },
    runs: {
      ...NO_RUN_STATE,
      lastReport: () => Promise.resolve(last?.report),
      lastDiscovery: () => Promise.resolve(listing.at),
    },
  };
}

const mergeAlone = () => Promise.reject(new Error('only the last step keeps this'));

const NO_RUN_STATE = {
  acquireLease: mergeAlone,
  releaseLease: mergeAlone,
  saveReport: mergeAlone,
  saveDiscovery: mergeAlone,
  budgetUse: mergeAlone,
  saveBudgetUse: mergeAlone,
};
