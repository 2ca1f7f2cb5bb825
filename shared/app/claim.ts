import { reopensUntil } from '../domain/incident/decide.ts';
import { type IncidentRecord, isPending } from '../domain/incident/notification.ts';
import type { KeyArn } from '../domain/usage/key.ts';
import { BINS_PER_HOUR } from '../domain/usage/time.ts';
import { isBaselineDue } from './baseline-due.ts';
import type { DetectPorts, DetectRequest } from './detect-request.ts';
import type { Judged, JudgedKey } from './judge-keys.ts';
import type { Known } from './load.ts';
import type { Versioned } from './ports.ts';
import type { Lease } from './take-lease.ts';

/** Final bins after which an open incident's sums are stored: they must not fall out of the bins that are read again. */
const COUNTED_BINS = 6;

/** What this run holds after its claims. */
export interface Claimed {
  /** Every incident item as stored now, by key. */
  readonly records: ReadonlyMap<KeyArn, Versioned>;
  /** Keys that another run has written meanwhile: they are left to it. */
  readonly conflicts: ReadonlySet<KeyArn>;
}

/**
 * Stage 9: a transition and its planned deliveries in one conditional write of one item. What is claimed is told,
 * by this run or a later one; what another run claimed first is left to it.
 */
export async function claim(
  ports: DetectPorts,
  known: Known,
  judged: Judged,
  lease: Lease,
  request: DetectRequest,
): Promise<Claimed> {
  const records = new Map(known.incidents);
  const conflicts = new Set<KeyArn>();
  if (!lease.held) return { records, conflicts };
  for (const key of judged.keys) {
    const outcome = await claimKey(ports, key, request);
    if (outcome === 'conflict') {
      conflicts.add(key.keyArn);
      ports.log.warn('another run has written this incident meanwhile; left to it', { keyArn: key.keyArn });
    } else if (outcome === 'removed') records.delete(key.keyArn);
    else if (outcome) records.set(key.keyArn, outcome);
  }
  return { records, conflicts };
}

async function claimKey(
  { incidents }: DetectPorts,
  key: JudgedKey,
  request: DetectRequest,
): Promise<Versioned | 'conflict' | 'removed' | undefined> {
  const { record, incident: known } = key;
  if (!record || key.unreadableIncident) return undefined;
  const isTold = record.notified !== known?.record.notified || pendingIn(record) !== pendingIn(known.record);
  const counted = record.incident.tally.throughBin - (known?.record.incident.tally.throughBin ?? 0);
  const isOpen = record.incident.status === 'open';
  const isCounted = isOpen && (counted >= COUNTED_BINS || isBaselineDue(key, request.asOf));
  if (isTold || isCounted) {
    if (known && known.record.incident.id !== record.incident.id)
      await incidents.archive(known.record.incident);
    const version = known?.version ?? 0;
    const written = await incidents.put(record, version);
    return written === 'conflict' ? 'conflict' : { record, version: version + 1 };
  }
  if (!known || !isOver(key)) return undefined;
  await incidents.archive(known.record.incident);
  const removed = await incidents.remove(key.keyArn, known.version);
  return removed === 'conflict' ? 'conflict' : 'removed';
}

/** Notifications that wait to be sent: fewer than before once a mute has stopped them. */
const pendingIn = ({ notifications }: IncidentRecord): number => notifications.filter(isPending).length;

/** A resolved incident is over once all is delivered and no bin that it covers, or that could reopen it, can be judged again. */
function isOver({ record, baselines }: JudgedKey): boolean {
  if (record?.incident.status !== 'resolved' || record.notifications.some(isPending)) return false;
  const { incident } = record;
  const lastBin = Math.max(incident.lastTransitionBin, reopensUntil(incident) ?? 0);
  return [...(baselines?.operations.values() ?? [])].every(
    ({ baseline }) => baseline.learnedThrough * BINS_PER_HOUR > lastBin,
  );
}
