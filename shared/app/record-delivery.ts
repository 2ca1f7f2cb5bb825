import type { Telling } from '../domain/incident/coalesce.ts';
import type { IncidentRecord } from '../domain/incident/notification.ts';
import type { KeyArn } from '../domain/usage/key.ts';
import type { DetectPorts } from './detect-request.ts';
import type { Receiver, Versioned } from './ports.ts';
import { reasonOf } from './store-fault.ts';

/** What becomes of an incident's record by what one receiver was told, or was not. */
export type RecordChange = (record: IncidentRecord, number: number) => IncidentRecord;

/**
 * Writes what became of one delivery into its incident, at once, so that a crash repeats as little as possible.
 * A sentence if it could not be written: the message may be repeated, and the others are told all the same.
 */
export async function recordDelivery(
  ports: DetectPorts,
  records: Map<KeyArn, Versioned>,
  { keyArn, notification }: Telling,
  receiver: Receiver,
  change: RecordChange,
): Promise<string | undefined> {
  const held = records.get(keyArn);
  if (!held) return undefined;
  const told = (one: Versioned): IncidentRecord => change(one.record, notification.number);
  const fields = { keyArn, receiver: receiver.name };
  try {
    const recorded = (await putNext(ports, held, told)) ?? (await putAgain(ports, held, told));
    if (recorded) {
      records.set(keyArn, recorded);
      return undefined;
    }
    ports.log.error('a delivery could not be recorded; this message may be repeated', fields);
    return `the delivery of ${keyArn} could not be recorded and may be repeated: its item has changed`;
  } catch (error) {
    ports.log.error('a delivery could not be recorded; this message may be repeated', { ...fields, error });
    return `the delivery of ${keyArn} could not be recorded and may be repeated: ${reasonOf(error)}`;
  }
}

async function putNext(
  { incidents }: DetectPorts,
  held: Versioned,
  told: (one: Versioned) => IncidentRecord,
): Promise<Versioned | undefined> {
  const record = told(held);
  const written = await incidents.put(record, held.version);
  return written === 'written' ? { record, version: held.version + 1 } : undefined;
}

/** While the lease is held only an acknowledgement writes an incident meanwhile: its item is read again. */
async function putAgain(
  ports: DetectPorts,
  held: Versioned,
  told: (one: Versioned) => IncidentRecord,
): Promise<Versioned | undefined> {
  const { open } = await ports.incidents.loadOpen();
  const stored = open.find(({ record }) => record.incident.id === held.record.incident.id);
  return stored && (await putNext(ports, stored, told));
}
