import { factsOf, type KeyDirectory } from '../domain/assess/key-facts.ts';
import type { CallerSample, Callers } from '../domain/callers/callers.ts';
import type { CauseEvidence } from '../domain/causes/cause.ts';
import { likelyCauses } from '../domain/causes/likely-causes.ts';
import type { IncidentFacts } from '../domain/incident/incident.ts';
import { wantsInsight, withInsight } from '../domain/incident/insight.ts';
import type { KeyArn } from '../domain/usage/key.ts';
import { binEnd, binStart, HOUR_SECONDS } from '../domain/usage/time.ts';
import type { Claimed } from './claim.ts';
import type { DetectPorts, DetectRequest } from './detect-request.ts';
import type { Discovered } from './discover.ts';
import type { Judged, JudgedKey } from './judge-keys.ts';
import type { Versioned } from './ports.ts';
import type { Lease } from './take-lease.ts';

/** Seconds that looking up callers may take in one run: the message waits for it. */
const ENRICH_SECONDS = 20;

/** Seconds before the run's deadline at which nothing is looked up any more: sending comes first. */
const STOP_BEFORE_DEADLINE_SECONDS = 45;

/** Keys looked up in one run, the dearest: CloudTrail answers two requests a second, and nobody reads an update for each of a hundred keys. */
const KEYS_PER_RUN = 5;

/** How far back callers are looked for at most: the last hour of the trouble. */
const LOOK_BACK_SECONDS = HOUR_SECONDS;

const TOO_MANY: Callers = {
  kind: 'unknown',
  why: `only the ${KEYS_PER_RUN} dearest of so many keys in trouble at once were looked up; ask with diagnose`,
  mayCome: false,
};

/**
 * Stage 10: who is calling and the likely cause, for what is about to be told. Best effort under a deadline, after the
 * claim: it decides nothing, and its failure costs no alert. What is found later is told once, as an update.
 */
export async function enrich(
  ports: DetectPorts,
  claimed: Claimed,
  judged: Judged,
  { directory, targets }: Pick<Discovered, 'directory' | 'targets'>,
  lease: Lease,
  request: DetectRequest,
): Promise<Claimed> {
  if (!lease.held) return claimed;
  const wanted = judged.keys
    .filter(({ keyArn }) => !claimed.conflicts.has(keyArn))
    .flatMap((key) => {
      const held = claimed.records.get(key.keyArn);
      return held && key.present && wantsInsight(held.record, request.asOf)
        ? [{ key, held, facts: key.present }]
        : [];
    })
    .toSorted((a, b) => b.facts().usdPerHour - a.facts().usdPerHour);
  if (wanted.length === 0) return claimed;
  const records = new Map(claimed.records);
  const now = ports.clock.now();
  const deadline = Math.min(now + ENRICH_SECONDS, request.deadline - STOP_BEFORE_DEADLINE_SECONDS);
  for (const [rank, { key, held, facts }] of wanted.entries()) {
    const isSkipped = rank >= KEYS_PER_RUN || deadline <= now;
    const present = facts();
    const account = targets.get(key.keyArn)?.account;
    const callers = isSkipped
      ? TOO_MANY
      : await ports.callers.callersOf({
          keyArn: key.keyArn,
          ...(account === undefined ? {} : { account }),
          ...troubledTime(key, present),
          deadline,
        });
    const sample = callers.kind === 'known' ? callers.sample : undefined;
    const causes = likelyCauses(evidenceOf(directory, key.keyArn, present, sample));
    const record = withInsight(held.record, { callers, causes }, facts, request.asOf);
    records.set(key.keyArn, await keep(ports, key.keyArn, held, record, request.toldLater ?? false));
  }
  return { ...claimed, records };
}

/**
 * A new message is put before it is sent, so that a crash cannot lose it; what only rides along is stored with
 * it, unless another step tells it, which knows what is stored alone.
 */
async function keep(
  { incidents, log }: DetectPorts,
  keyArn: KeyArn,
  held: Versioned,
  record: Versioned['record'],
  isToldLater: boolean,
): Promise<Versioned> {
  if (
    !isToldLater &&
    record.notified === held.record.notified &&
    record.insight?.wantedUntil === held.record.insight?.wantedUntil
  )
    return { record, version: held.version };
  const written = await incidents.put(record, held.version).catch((error: unknown) => {
    log.error('what was found out about an incident could not be stored; it is told without', {
      keyArn,
      error,
    });
    return 'failed' as const;
  });
  if (written === 'written') return { record, version: held.version + 1 };
  if (written === 'conflict')
    log.warn('another run has written this incident meanwhile; what was found is left out', { keyArn });
  return held;
}

/** From the beginning of the trouble, or an hour ago, to the newest bin. */
function troubledTime({ record }: JudgedKey, { bin }: IncidentFacts) {
  const to = binEnd(bin);
  const began = record ? binStart(record.incident.openedBin) : to;
  return { from: Math.max(began, to - LOOK_BACK_SECONDS), to };
}

const evidenceOf = (
  directory: KeyDirectory,
  keyArn: KeyArn,
  facts: IncidentFacts,
  callers: CallerSample | undefined,
): CauseEvidence => ({
  key: factsOf(directory, keyArn),
  operations: facts.operations.map(({ operation, windowSeconds, requests, expected }) => ({
    operation,
    perHour: (requests * HOUR_SECONDS) / windowSeconds,
    usualPerHour: (expected * HOUR_SECONDS) / windowSeconds,
  })),
  callers,
  recent: facts.recent,
  standing: facts.standing,
  usdPerHour: facts.usdPerHour,
});
