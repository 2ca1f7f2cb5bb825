import { type Counted, MAX_EXAMPLES, type ReportedMute, type RunReport } from '../domain/run-report.ts';

/** Incidents a stored report names at most, the costliest first: 400 bytes each, an item has 400 KB. */
const MAX_INCIDENTS = 200;
const MAX_NAMES = 100;
const MAX_TEXT = 500;
const MAX_MUTES = 50;
const MAX_KEYS_OF_MUTE = 5;

/** The report as it is stored: whole in its counts, bounded in its lists and texts. */
export const boundedReport = (report: RunReport): RunReport => ({
  ...report,
  insufficientData: boundedCounts(report.insufficientData),
  notChecked: boundedCounts(report.notChecked),
  incidents: costliest(report.incidents).map((incident) => ({
    ...incident,
    reason: shortened(incident.reason),
  })),
  delivery: 'left' in report.delivery ? report.delivery : boundedDelivery(report.delivery),
  unresolved: report.unresolved.slice(0, MAX_NAMES).map(shortened),
  ...(report.mutes ? { mutes: report.mutes.slice(0, MAX_MUTES).map(boundedMute) } : {}),
  ...(report.unreadableCommands ? { unreadableCommands: report.unreadableCommands.slice(0, MAX_NAMES) } : {}),
  stale: report.stale.slice(0, MAX_NAMES).map(shortened),
});

const boundedMute = (mute: ReportedMute): ReportedMute => ({
  ...mute,
  keys: mute.keys.slice(0, MAX_KEYS_OF_MUTE),
});

function costliest(incidents: RunReport['incidents']): RunReport['incidents'] {
  if (incidents.length <= MAX_INCIDENTS) return incidents;
  return incidents.toSorted((a, b) => b.usdPerHour - a.usdPerHour).slice(0, MAX_INCIDENTS);
}

const boundedDelivery = (delivery: Extract<RunReport['delivery'], { sent: number }>) => ({
  ...delivery,
  failures: delivery.failures
    .slice(0, MAX_NAMES)
    .map(({ receiver, reason }) => ({ receiver, reason: shortened(reason) })),
});

const boundedCounts = (counts: RunReport['notChecked']): Record<string, Counted> =>
  Object.fromEntries(
    Object.entries(counts)
      .slice(0, MAX_NAMES)
      .map(([reason, { count, examples }]) => [
        shortened(reason),
        { count, examples: examples.slice(0, MAX_EXAMPLES).map(shortened) },
      ]),
  );

const shortened = (text: string): string =>
  text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text;
