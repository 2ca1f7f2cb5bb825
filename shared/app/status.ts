import { factsOf } from '../domain/assess/key-facts.ts';
import { type Delivery, hasEnded } from '../domain/incident/delivery.ts';
import type { Incident } from '../domain/incident/incident.ts';
import { DIGEST } from '../domain/incident/notification.ts';
import { receiverTroubles } from '../domain/incident/receiver-trouble.ts';
import { type ReportedMute, type RunReport, reportMute } from '../domain/run-report.ts';
import { binEnd, binStart, isoTime } from '../domain/usage/time.ts';
import type { DetectPorts } from './detect-request.ts';

/** An open incident, or a closed one that is not delivered everywhere yet. */
export interface StatusIncident {
  readonly id: string;
  readonly key: string;
  readonly keyArn: string;
  readonly status: 'open' | 'resolved';
  readonly severity: string;
  readonly openedAt: string;
  /** What it has cost above the usual so far, in US dollars. */
  readonly excessUsd: number;
  /** ISO 8601 UTC: as of when that is counted. */
  readonly excessAsOf: string;
  /** Who has it; absent while nobody has said so. */
  readonly ackedBy?: string;
  readonly deliveries: readonly (Pick<Delivery, 'receiver' | 'status' | 'attempts' | 'reason'> & {
    readonly message: number;
  })[];
}

/** How the detector is doing, as far as its own store tells. */
export interface StatusReport {
  readonly incidents: readonly StatusIncident[];
  /** Mutes that hold, who wanted them and why. */
  readonly mutes: readonly ReportedMute[];
  /** Stored incidents, mutes and acceptances that cannot be read, and why. */
  readonly unreadable: readonly { readonly item: string; readonly reason: string }[];
  /** The last completed run; null before the first. */
  readonly lastRun: RunReport | null;
  /** Share of the known keys that the last run could check, 0..1; null before the first run. */
  readonly coverage: number | null;
  readonly deliveriesPending: number;
  readonly receivers: readonly string[];
  /** Receivers that have not taken a message for an hour, or lost one within a day, and what they said. */
  readonly deadReceivers: readonly {
    readonly receiver: string;
    readonly since: string;
    readonly reason: string;
  }[];
  /** Present when nobody would hear of an incident. */
  readonly warning?: string;
}

/** Reads open incidents, the last run and what is still to be delivered. Changes nothing. */
export async function readStatus(
  ports: Pick<DetectPorts, 'clock' | 'incidents' | 'commands' | 'notices' | 'runs' | 'facts' | 'receivers'>,
): Promise<StatusReport> {
  const [{ open, unreadable }, commands, notices, lastRun, directory] = await Promise.all([
    ports.incidents.loadOpen(),
    ports.commands.load(ports.clock.now()),
    ports.notices.load(),
    ports.runs.lastReport(),
    ports.facts.load(),
  ]);
  const incidents = open.map(({ record: { incident, notifications } }): StatusIncident => {
    const { id, keyArn, status, severity, openedBin, ackedBy } = incident;
    return {
      id,
      key: factsOf(directory, keyArn).aliases[0] ?? keyArn,
      keyArn,
      status,
      severity,
      openedAt: isoTime(binStart(openedBin)),
      ...newestExcess(incident, lastRun),
      ...(ackedBy === undefined ? {} : { ackedBy }),
      deliveries: notifications.flatMap(({ number, deliveries }) =>
        deliveries.map(({ receiver, status: state, attempts, reason }) => ({
          message: number,
          receiver,
          status: state,
          attempts,
          ...(reason === undefined ? {} : { reason }),
        })),
      ),
    };
  });
  const told = [
    ...open.flatMap(({ record }) => record.notifications),
    ...notices.map(({ notice }) => notice),
  ];
  const pending = told.flatMap(({ deliveries }) => deliveries).filter(({ receiver }) => receiver !== DIGEST);
  return {
    incidents,
    mutes: commands.mutes.map(reportMute),
    unreadable: [...unreadable, ...commands.unreadable],
    lastRun: lastRun ?? null,
    coverage: lastRun ? coverageOf(lastRun) : null,
    deliveriesPending: pending.filter((delivery) => !hasEnded(delivery)).length,
    receivers: ports.receivers.map(({ name }) => name),
    deadReceivers: receiverTroubles(told, ports.clock.now()).map(({ receiver, since, reason }) => {
      return { receiver, since: isoTime(since), reason };
    }),
    ...(ports.receivers.length === 0
      ? {
          warning:
            'no receiver is configured: nobody hears of an incident; set EmailAddress, Slack or PagerDuty',
        }
      : {}),
  };
}

/**
 * The excess as the last run counted it, through its newest bin. The stored sum holds only bins that are final, half an
 * hour later, and stands in for an incident that the last run did not read or name.
 */
function newestExcess(
  { id, tally }: Incident,
  lastRun: RunReport | undefined,
): Pick<StatusIncident, 'excessUsd' | 'excessAsOf'> {
  const stored = { excessUsd: tally.excessUsd, excessAsOf: isoTime(binEnd(tally.throughBin)) };
  const reported = lastRun?.incidents.find((one) => one.id === id);
  if (!lastRun || !reported || Date.parse(lastRun.asOf) < Date.parse(stored.excessAsOf)) return stored;
  return { excessUsd: reported.excessUsd, excessAsOf: lastRun.asOf };
}

/** Share of the known keys that a run could check, 0..1; 1 when there are none. */
export function coverageOf(report: RunReport): number {
  const missed = Object.values(report.notChecked).reduce((sum, { count }) => sum + count, 0);
  return report.keys === 0 ? 1 : (report.keys - missed) / report.keys;
}
