import type { Random } from '../../bench/detection/world/random.ts';
import type { DetectPorts } from '../../shared/app/detect-request.ts';
import type { BaselineStore, IncidentStore } from '../../shared/app/ports.ts';
import { isPending } from '../../shared/domain/incident/delivery.ts';
import type { IncidentRecord } from '../../shared/domain/incident/notification.ts';

/** Bugs that the invariants must find: planted to prove that they can. */
export const PLANTS = ['drop-delivery', 'learn-twice'] as const;
export type Plant = (typeof PLANTS)[number];

/** The ports of a detector with this bug. */
export function planted(ports: DetectPorts, plant: Plant, random: Random): DetectPorts {
  return plant === 'drop-delivery'
    ? { ...ports, incidents: forgetfulIncidents(ports.incidents, random) }
    : { ...ports, baselines: forgetfulBaselines(ports.baselines, random) };
}

/** Takes what is still to be delivered for sent, one time in two that it is read. */
const forgetfulIncidents = (incidents: IncidentStore, random: Random): IncidentStore => ({
  put: (record, version) => incidents.put(record, version),
  archive: (incident) => incidents.archive(incident),
  remove: (keyArn, version) => incidents.remove(keyArn, version),
  closed: (keyArn, limit) => incidents.closed(keyArn, limit),
  loadOpen: async () => {
    const { open, unreadable } = await incidents.loadOpen();
    if (random.chance(0.5)) return { open, unreadable };
    return {
      unreadable,
      open: open.map(({ record, version }) => ({ version, record: withoutPending(record) })),
    };
  },
});

const withoutPending = (record: IncidentRecord): IncidentRecord => ({
  ...record,
  notifications: record.notifications.filter((one) => !isPending(one)),
});

/** Forgets now and then how far a baseline has learned. */
const forgetfulBaselines = (baselines: BaselineStore, random: Random): BaselineStore => ({
  save: (key, expiresAt) => baselines.save(key, expiresAt),
  loadAll: async () => {
    const keys = await baselines.loadAll();
    if (random.chance(0.98)) return keys;
    return keys.map((key) => ({
      ...key,
      operations: new Map(
        [...key.operations].map(([operation, { baseline, ...rest }]) => [
          operation,
          { ...rest, baseline: { ...baseline, learnedThrough: baseline.learnedThrough - 1 } },
        ]),
      ),
    }));
  },
});
