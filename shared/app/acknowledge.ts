import { factsOf, type KeyDirectory } from '../domain/assess/key-facts.ts';
import { planAcknowledgement } from '../domain/incident/notification.ts';
import { matchesAny } from '../domain/policy.ts';
import type { DetectPorts } from './detect-request.ts';
import { unknownKey, unknownName } from './known-names.ts';
import type { Versioned } from './ports.ts';
import { nameOf, patternNamed } from './requested-names.ts';

/** Attempts to write an incident that runs are writing, too. */
const ATTEMPTS = 4;

/** What is acknowledged, by whom: an incident by its id, or whatever is open on a key. */
export interface AckRequest {
  readonly target:
    | { readonly field: 'incident'; readonly value: string }
    | { readonly field: 'key'; readonly value: string };
  readonly by: string;
}

/** The incidents that are acknowledged now. */
export interface AckReport {
  readonly acknowledged: readonly {
    readonly id: string;
    readonly key: string;
    readonly keyArn: string;
    readonly severity: string;
    readonly by: string;
  }[];
  readonly effect: string;
}

type AckPorts = Pick<DetectPorts, 'incidents' | 'facts' | 'receivers' | 'clock'>;

/**
 * Notes who has an incident: its reminders stop, what gets worse and the end are still told. A receiver that keeps an
 * alert of its own hears of it with the next check.
 */
export async function acknowledge(ports: AckPorts, { target, by }: AckRequest): Promise<AckReport> {
  const directory = await ports.facts.load();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { open, unreadable } = await ports.incidents.loadOpen();
    const matching = meant(open.filter(isOpen), target, directory);
    if (matching.length === 0) {
      const hidden = unreadable.length > 0 ? ` (${unreadable.length} stored cannot be read: see status)` : '';
      const known = open.filter(isOpen).map(({ record: { incident } }) => incident);
      throw target.field === 'incident'
        ? unknownName(
            'incident',
            target.value,
            known.map(({ id }) => id),
            `an open incident${hidden}`,
          )
        : unknownKey(
            'key',
            target.value,
            known.map(({ keyArn }) => factsOf(directory, keyArn)),
            `a key with an open incident${hidden}`,
          );
    }
    if (await writeAll(ports, matching, by)) {
      return {
        acknowledged: matching.map(({ record: { incident } }) => {
          const { id, keyArn, severity } = incident;
          return { id, key: nameOf(factsOf(directory, keyArn)), keyArn, severity, by };
        }),
        effect: 'no more reminders; what gets worse and the end are still told',
      };
    }
  }
  throw new CommandConflictError(`${target.field} ${target.value}`);
}

const isOpen = ({ record }: Versioned): boolean => record.incident.status === 'open';

/** The open incidents that are acknowledged. */
function meant(
  open: readonly Versioned[],
  { field, value }: AckRequest['target'],
  directory: KeyDirectory,
): Versioned[] {
  if (field === 'incident') return open.filter(({ record }) => record.incident.id === value);
  const facts = ({ record }: Versioned) => factsOf(directory, record.incident.keyArn);
  const pattern = patternNamed(value, open.map(facts));
  return pattern === undefined ? [] : open.filter((one) => matchesAny([pattern], facts(one)));
}

async function writeAll(
  { incidents, receivers, clock }: AckPorts,
  matching: readonly Versioned[],
  by: string,
): Promise<boolean> {
  const due = matching.filter(({ record }) => record.incident.ackedBy !== by);
  const hearing = receivers.filter(({ acknowledges }) => acknowledges).map(({ name }) => name);
  const at = Math.floor(clock.now());
  const written = await Promise.all(
    due.map(({ record, version }) => incidents.put(planAcknowledgement(record, by, hearing, at), version)),
  );
  return !written.includes('conflict');
}

/** Others kept writing what a command wanted to write: it may be asked for again. */
export class CommandConflictError extends Error {
  override name = 'CommandConflictError' as const;

  constructor(what: string) {
    super(`${what}: others were writing it all the time; try again`);
  }
}
