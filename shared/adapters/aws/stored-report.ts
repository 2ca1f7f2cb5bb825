import * as z from 'zod/mini';
import type {
  Counted,
  DeliveryReport,
  OwnCost,
  ReportedIncident,
  ReportedMute,
  RunReport,
} from '../../domain/run-report.ts';
import { type ShapeOf, storedKeyArn, storedNumber } from './stored-item.ts';

const counts = z.record(
  z.string(),
  z.object({ count: z.int(), examples: z.array(z.string()) } satisfies ShapeOf<Counted>),
);

const incident = z.object({
  id: z.string(),
  keyArn: storedKeyArn,
  alias: z.exactOptional(z.string()),
  operations: z.array(z.string()),
  status: z.enum(['open', 'resolved']),
  severity: z.enum(['page', 'notice', 'digest']),
  openedAt: z.string(),
  resolvedAt: z.exactOptional(z.string()),
  usdPerHour: storedNumber,
  excessUsd: storedNumber,
  ratio: storedNumber,
  ackedBy: z.exactOptional(z.string()),
  event: z.exactOptional(z.enum(['opened', 'escalated', 'updated', 'resolved'])),
  reason: z.string(),
} satisfies ShapeOf<ReportedIncident>);

const mute = z.object({
  id: z.string(),
  keys: z.array(z.string()),
  until: z.string(),
  by: z.string(),
  reason: z.string(),
} satisfies ShapeOf<ReportedMute>);

const delivered = z.object({
  sent: z.int(),
  pending: z.int(),
  noAudience: z.int(),
  gaveUp: z.int(),
  held: z.exactOptional(z.int()),
  digestOnly: z.int(),
  muted: z.exactOptional(z.int()),
  failures: z.array(z.object({ receiver: z.string(), reason: z.string() })),
} satisfies ShapeOf<Extract<DeliveryReport, { sent: number }>>);

const left = z.object({
  left: z.string(),
  run: z.exactOptional(z.string()),
} satisfies ShapeOf<Extract<DeliveryReport, { left: string }>>);

const ownCost = z.object({
  month: z.string(),
  sweptAt: z.string(),
  metricsThisMonth: z.int(),
  usdAMonth: storedNumber,
  monthlyUsdCap: storedNumber,
  isOverCap: z.boolean(),
  everyRun: z.int(),
  everyQuarterHour: z.int(),
  hourly: z.int(),
  broughtForwardUsdPerHour: z.exactOptional(storedNumber),
} satisfies ShapeOf<OwnCost>);

/** The report of a run, as stored. */
export const storedReport = z.object({
  runId: z.string(),
  asOf: z.string(),
  startedAt: z.string(),
  seconds: storedNumber,
  keys: z.int(),
  series: z.int(),
  normal: z.int(),
  breaching: z.int(),
  insufficientData: counts,
  notChecked: counts,
  excluded: z.int(),
  notDue: z.exactOptional(z.int()),
  incidents: z.array(incident),
  delivery: z.union([delivered, left]),
  unresolved: z.array(z.string()),
  mutes: z.exactOptional(z.array(mute)),
  unreadableCommands: z.exactOptional(z.array(z.object({ item: z.string(), reason: z.string() }))),
  backfill: z.object({ done: z.int(), remaining: z.int() }),
  stale: z.array(z.string()),
  newestDatapointAgeSeconds: z.exactOptional(storedNumber),
  metricsRequested: z.int(),
  ownCost: z.exactOptional(ownCost),
  resumeAt: z.exactOptional(storedKeyArn),
} satisfies ShapeOf<RunReport>);
