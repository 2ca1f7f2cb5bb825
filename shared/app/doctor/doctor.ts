import { defaultQuota, QUOTA_GROUPS, quotasOf } from '../../domain/assess/quota.ts';
import type { ClockFinding, DoctorReport, Finding, QuotaFinding } from '../../domain/doctor/finding.ts';
import { isoTime } from '../../domain/usage/time.ts';
import type { Receiver } from '../ports.ts';
import { Look, type LookPorts, type LookSettings } from './look.ts';
import { type StoreCalls, tryCalls } from './permissions.ts';
import { put, type Question } from './question.ts';
import { METRIC_QUESTIONS } from './questions/metrics.ts';
import { QUOTA_QUESTIONS } from './questions/quota.ts';
import { LAST_QUESTION, TIME_QUESTIONS } from './questions/time.ts';
import { TRAIL_QUESTIONS } from './questions/trail.ts';
import { examineReceivers } from './receivers.ts';

/** What the doctor looks through. */
export interface DoctorPorts extends LookPorts {
  readonly receivers: readonly Receiver[];
  /** The detector's table; undefined where there is none. */
  readonly stores?: StoreCalls | undefined;
}

/** Every question, in the order of the answers. */
export const QUESTIONS: readonly Question[] = [
  ...METRIC_QUESTIONS,
  ...TIME_QUESTIONS,
  LAST_QUESTION,
  ...TRAIL_QUESTIONS,
  ...QUOTA_QUESTIONS,
];

/** Dollars that CloudWatch charges for a metric of GetMetricData; all other calls here are free. */
const USD_PER_METRIC = 0.01 / 1000;

/** Seconds of skew that no signature and no window suffers from. */
const MAX_SKEW_SECONDS = 30;

/**
 * Asks a real account what the documentation of AWS leaves open, and whether everything the detector needs is there.
 * It only reads. Every question fails by itself. One question after the other, because CloudTrail allows two look-ups a
 * second; the one that watches goes last.
 */
export async function examine(ports: DoctorPorts, settings: LookSettings): Promise<DoctorReport> {
  const look = new Look(ports, settings);
  const { probe } = ports;
  const found = new Map<string, Finding>();
  const ask = async (question: Question) => found.set(question.id, await put(question, look));
  for (const question of QUESTIONS) if (question !== LAST_QUESTION) await ask(question);
  const permissions = await tryCalls(look, ports.stores);
  const receivers = await examineReceivers(ports.receivers);
  const quotas = await quotaFindings(look);
  await ask(LAST_QUESTION);
  const metricsRequested = probe.metricsRequested + probe.usageQuery.metricsRequested;
  return {
    asOf: isoTime(Math.floor(look.asOf)),
    region: settings.region,
    findings: QUESTIONS.flatMap(({ id }) => found.get(id) ?? []),
    permissions,
    receivers,
    quotas,
    clock: clockFinding(probe.clockAheadSeconds),
    cost: {
      calls: Object.fromEntries([...probe.calls].toSorted(([a], [b]) => (a < b ? -1 : 1))),
      metricsRequested,
      usd: metricsRequested * USD_PER_METRIC,
      seconds: Math.round(ports.now() - look.asOf),
    },
  };
}

async function quotaFindings(look: Look): Promise<QuotaFinding[]> {
  const { region } = look.settings;
  const perSecond = await look.quotas().catch(() => undefined);
  const applied = perSecond && { readAt: look.asOf, perSecond };
  const quotaOf = quotasOf(applied, (group) => defaultQuota(group, region));
  return QUOTA_GROUPS.map((group) => {
    const { perSecond: rate, assumed } = quotaOf(group);
    return { group, perSecond: rate, assumed };
  });
}

function clockFinding(aheadSeconds: number | undefined): ClockFinding {
  if (aheadSeconds === undefined) return { verdict: 'unknown', evidence: 'AWS gave no time' };
  const seconds = Math.round(Math.abs(aheadSeconds));
  const evidence =
    seconds === 0
      ? 'within a second or two of AWS'
      : `${seconds} s ${aheadSeconds > 0 ? 'ahead of' : 'behind'} AWS`;
  return { verdict: seconds > MAX_SKEW_SECONDS ? 'wrong' : 'right', evidence };
}
