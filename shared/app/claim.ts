import { reopensUntil } from '../domain/incident/decide.ts';
import { isPending } from '../domain/incident/delivery.ts';
import type { IncidentRecord } from '../domain/incident/notification.ts';
import type { KeyArn } from '../domain/usage/key.ts';
import { BINS_PER_HOUR, type Bin } from '../domain/usage/time.ts';
import { isBaselineDue } from './baseline-due.ts';
import type { DetectPorts, DetectRequest } from './detect-request.ts';
import type { Judged, JudgedKey } from './judge-keys.ts';
import type { Known } from './load.ts';
import type { Versioned } from './ports.ts';
import { reasonOf } from './store-fault.ts';
import type { Lease } from './take-lease.ts';

/** Final bins after which an open incident's sums are stored: they must not fall out of the bins that are read again. */
const COUNTED_BINS = 6;

/** What this run holds after its claims. */
export interface Claimed {
  /** Every incident item as stored now, by key. */
  readonly records: ReadonlyMap<KeyArn, Versioned>;
  /** Keys that this run must leave alone: another run has written them meanwhile, or they could not be written. */
  readonly conflicts: ReadonlySet<KeyArn>;
  /** Those that could not be written, and why. */
  readonly faults: ReadonlyMap<KeyArn, string>;
}

/**
 * Stage 9: a transition and its planned deliveries in one conditional write of one item. What is claimed is told,
 * by this run or a later one; what another run claimed first is left to it. An item that cannot be written costs its
 * own key only: the next run decides on it again.
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
  const faults = new Map<KeyArn, string>();
  if (!lease.held) return { records, conflicts, faults };
  const subjects: Subject[] = judged.keys.map((key) => ({
    ...key,
    isDue: isBaselineDue(key, request.asOf),
    isPast: (bin) => isLearned(key, bin),
  }));
  for (const region of judged.regions)
    subjects.push({ ...region, isDue: false, isPast: (bin) => bin < region.firstBin });
  for (const keyArn of await writtenSince(ports, known)) {
    conflicts.add(keyArn);
    ports.log.warn('another run has written this incident meanwhile; left to it', { keyArn });
  }
  for (const key of subjects) {
    if (conflicts.has(key.keyArn)) continue;
    const outcome = await claimOne(ports, key).catch((error: unknown) => {
      ports.log.error('an incident could not be stored; the next run decides on it again', {
        keyArn: key.keyArn,
        error,
      });
      faults.set(key.keyArn, reasonOf(error));
      return 'failed' as const;
    });
    if (outcome === 'failed') conflicts.add(key.keyArn);
    else if (outcome === 'conflict') {
      conflicts.add(key.keyArn);
      ports.log.warn('another run has written this incident meanwhile; left to it', { keyArn: key.keyArn });
    } else if (outcome === 'removed') records.delete(key.keyArn);
    else if (outcome) records.set(key.keyArn, outcome);
  }
  return { records, conflicts, faults };
}

/**
 * Incidents with pending deliveries that are no longer stored as they were read. Another run may have held the lease,
 * sent them and ended since: what this run knows of them is out of date. Only then is anything read.
 */
async function writtenSince({ incidents, log }: DetectPorts, known: Known): Promise<KeyArn[]> {
  const waiting = [...known.incidents].filter(([, { record }]) => pendingIn(record) > 0);
  if (waiting.length === 0) return [];
  try {
    const { open } = await incidents.loadOpen();
    const versions = new Map(open.map(({ record, version }) => [record.incident.keyArn, version]));
    return waiting.flatMap(([keyArn, { version }]) => (versions.get(keyArn) === version ? [] : [keyArn]));
  } catch (error) {
    log.error('what is pending could not be read again under the lease; it is left to the next run', {
      error,
    });
    return waiting.map(([keyArn]) => keyArn);
  }
}

/** A key, or a Region, with its incident. */
interface Subject extends Pick<JudgedKey, 'keyArn' | 'record' | 'incident' | 'unreadableIncident'> {
  /** Whether the bins counted so far have to be stored now, because they will not be read again. */
  readonly isDue: boolean;
  /** Whether a bin is so old that it is never judged again. */
  readonly isPast: (bin: Bin) => boolean;
}

async function claimOne(
  { incidents }: DetectPorts,
  key: Subject,
): Promise<Versioned | 'conflict' | 'removed' | undefined> {
  const { record, incident: known } = key;
  if (!record || key.unreadableIncident) return undefined;
  const isTold = record.notified !== known?.record.notified || pendingIn(record) !== pendingIn(known.record);
  const counted = record.incident.tally.throughBin - (known?.record.incident.tally.throughBin ?? 0);
  const isOpen = record.incident.status === 'open';
  const isCounted = isOpen && (counted >= COUNTED_BINS || key.isDue);
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
function isOver({ record, isPast }: Subject): boolean {
  if (record?.incident.status !== 'resolved' || record.notifications.some(isPending)) return false;
  const { incident } = record;
  return isPast(Math.max(incident.lastTransitionBin, reopensUntil(incident) ?? 0));
}

const isLearned = ({ baselines }: JudgedKey, bin: Bin): boolean =>
  [...(baselines?.operations.values() ?? [])].every(
    ({ baseline }) => baseline.learnedThrough * BINS_PER_HOUR > bin,
  );
