import * as z from 'zod/mini';
import type { KeyShare } from '../../domain/assess/region-use.ts';
import type { Delivery } from '../../domain/incident/delivery.ts';
import type {
  Incident,
  IncidentFacts,
  OperationFacts,
  RegionFacts,
  Tally,
  ThresholdFacts,
} from '../../domain/incident/incident.ts';
import type { HeldBack, IncidentRecord, Notification } from '../../domain/incident/notification.ts';
import { storedInsight } from './stored-insight.ts';
import { type ShapeOf, storedKeyArn, storedNumber } from './stored-item.ts';

const severity = z.enum(['page', 'notice', 'digest']);
const integer = z.int();

const tally = z.object({
  throughBin: integer,
  lastBreachingBin: integer,
  lastAboveBin: integer,
  quietBins: integer,
  resumedBin: z.exactOptional(integer),
  unbrokenSinceBin: z.exactOptional(integer),
  excessRequests: storedNumber,
  excessUsd: storedNumber,
  peakRatio: storedNumber,
  peakUsdPerHour: storedNumber,
} satisfies ShapeOf<Tally>);

/** An incident as stored, open or closed. */
export const storedIncident = z.object({
  id: z.string(),
  keyArn: storedKeyArn,
  status: z.enum(['open', 'resolved']),
  severity,
  operations: z.array(z.string()),
  openedBin: integer,
  lastTransitionBin: integer,
  sequence: integer,
  standingBin: z.exactOptional(integer),
  endedBin: z.exactOptional(integer),
  reopenings: z.exactOptional(integer),
  ackedBy: z.exactOptional(z.string()),
  tally,
} satisfies ShapeOf<Incident>);

const facts = z.object({
  bin: integer,
  operations: z.array(
    z.object({
      operation: z.string(),
      windowSeconds: storedNumber,
      requests: storedNumber,
      expected: storedNumber,
      reason: z.string(),
    } satisfies ShapeOf<OperationFacts>),
  ),
  thresholds: z.array(
    z.object({
      name: z.string(),
      periodSeconds: storedNumber,
      requests: storedNumber,
      usd: storedNumber,
      above: z.exactOptional(storedNumber),
      aboveUsd: z.exactOptional(storedNumber),
    } satisfies ShapeOf<ThresholdFacts>),
  ),
  isBack: z.exactOptional(z.literal(true)),
  standing: z.boolean(),
  ratio: storedNumber,
  usdPerHour: storedNumber,
  usdPerHourHigh: storedNumber,
  excessUsd: storedNumber,
  excessRequests: storedNumber,
  quotaShare: storedNumber,
  regionQuotaShare: storedNumber,
  minutesToThrottling: z.exactOptional(storedNumber),
  quotaPerSecond: storedNumber,
  busiestKeys: z.exactOptional(
    z.array(
      z.object({ keyArn: storedKeyArn, name: z.string(), share: storedNumber } satisfies ShapeOf<KeyShare>),
    ),
  ),
  region: z.exactOptional(
    z.object({
      group: z.enum(['symmetric', 'rsa', 'ecc', 'mlDsa']),
      requestsPerSecond: storedNumber,
      usualPerSecond: z.exactOptional(storedNumber),
      source: z.enum(['callCount', 'keys']),
      otherKeys: integer,
    } satisfies ShapeOf<RegionFacts>),
  ),
  assumed: z.array(z.string()),
  recent: z.array(storedNumber),
} satisfies ShapeOf<IncidentFacts>);

/** A delivery as stored, in an incident or a notice. */
export const storedDelivery = z.object({
  receiver: z.string(),
  status: z.enum(['pending', 'sent', 'noAudience', 'gaveUp', 'muted', 'overtaken']),
  attempts: integer,
  nextAttemptAt: storedNumber,
  proof: z.exactOptional(z.string()),
  reason: z.exactOptional(z.string()),
} satisfies ShapeOf<Delivery>);

const notification = z.object({
  number: integer,
  reason: z.enum(['opened', 'escalated', 'updated', 'reminder', 'acknowledged', 'resolved']),
  incident: storedIncident,
  severity,
  at: storedNumber,
  facts,
  mutedSince: z.exactOptional(storedNumber),
  deliveries: z.array(storedDelivery),
} satisfies ShapeOf<Notification>);

const heldBack = z.object({
  since: storedNumber,
  reason: z.enum(['opened', 'escalated', 'updated']),
  receivers: z.array(z.string()),
} satisfies ShapeOf<HeldBack>);

/** An incident with what is still to be told of it, as stored. */
export const storedRecord = z.object({
  incident: storedIncident,
  notifications: z.array(notification),
  notified: integer,
  lastNotifiedAt: storedNumber,
  reminders: integer,
  audience: z.array(z.string()),
  insight: z.exactOptional(storedInsight),
  references: z.exactOptional(z.record(z.string(), z.string())),
  heldBack: z.exactOptional(heldBack),
} satisfies ShapeOf<IncidentRecord>);
