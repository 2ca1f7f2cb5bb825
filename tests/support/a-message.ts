import type { KeyFacts } from '../../shared/domain/assess/key-facts.ts';
import {
  type Incident,
  type IncidentFacts,
  incidentId,
  type OperationFacts,
  type ThresholdFacts,
} from '../../shared/domain/incident/incident.ts';
import type { IncidentMessage, Message, MessageOrigin } from '../../shared/domain/incident/message.ts';
import type { NotifyReason } from '../../shared/domain/incident/notification.ts';
import type { Bill, NoticeFacts, NoticeIncident } from '../../shared/domain/notice.ts';
import type { KeyArn } from '../../shared/domain/usage/key.ts';
import { type Bin, binAt, binEnd, binStart } from '../../shared/domain/usage/time.ts';

/** The bin that ends Wednesday 25 November 2026 at 02:15 UTC, when most told stories take place. */
export const NIGHT_BIN: Bin = binAt(Date.UTC(2026, 10, 25, 2, 10) / 1000);

export const LAKE_KEY =
  'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab' as KeyArn;

/** An account that people call `prod`, read in Berlin. */
export const anOrigin = (over: Partial<MessageOrigin> = {}): MessageOrigin => ({
  account: 'prod',
  region: 'eu-central-1',
  timeZone: 'Europe/Berlin',
  functionName: 'kms-runaway-Detector-AbC123',
  ...over,
});

/** The key of a data lake. */
export const aKey = (over: Partial<KeyFacts> = {}): KeyFacts => ({
  keyArn: LAKE_KEY,
  aliases: ['alias/lake-etl'],
  spec: 'SYMMETRIC_DEFAULT',
  manager: 'CUSTOMER',
  ...over,
});

/** 1.24 million Decrypts in 15 minutes where 25,900 are usual. */
export const anOperation = (over: Partial<OperationFacts> = {}): OperationFacts => ({
  operation: 'Decrypt',
  windowSeconds: 900,
  requests: 1_240_000,
  expected: 25_900,
  reason: '',
  ...over,
});

export const aLimit = (over: Partial<ThresholdFacts> = {}): ThresholdFacts => ({
  name: 'etl-budget',
  periodSeconds: 3600,
  requests: 612_000,
  usd: 1.84,
  ...over,
});

/** A storm a quarter of an hour old. */
export const someFacts = (over: Partial<IncidentFacts> = {}): IncidentFacts => ({
  bin: NIGHT_BIN,
  operations: [anOperation()],
  thresholds: [],
  standing: false,
  ratio: 48,
  usdPerHour: 14.6,
  usdPerHourHigh: 14.6,
  excessUsd: 3.65,
  excessRequests: 1_214_100,
  quotaShare: 0.07,
  regionQuotaShare: 0.31,
  quotaPerSecond: 20_000,
  assumed: ['quota'],
  recent: [...Array.from({ length: 33 }, (_, i) => 8_600 + 40 * (i % 5)), 392_000, 421_000, 427_000],
  ...over,
});

/** The incident as it stands 15 minutes after its opening. */
export const anIncident = (over: Partial<Incident> = {}): Incident => {
  const keyArn = over.keyArn ?? LAKE_KEY;
  const openedBin = over.openedBin ?? NIGHT_BIN - 2;
  return {
    id: incidentId(keyArn, openedBin),
    keyArn,
    status: 'open',
    severity: 'page',
    operations: ['Decrypt'],
    openedBin,
    lastTransitionBin: openedBin,
    sequence: 1,
    tally: {
      throughBin: NIGHT_BIN,
      lastAboveBin: NIGHT_BIN,
      lastBreachingBin: NIGHT_BIN,
      quietBins: 0,
      excessRequests: 1_214_100,
      excessUsd: 3.65,
      peakRatio: 48,
      peakUsdPerHour: 14.6,
    },
    ...over,
  };
};

/** What may differ from the story of the data lake. */
export interface MessageParts {
  readonly reason?: NotifyReason;
  readonly number?: number;
  readonly incident?: Partial<Incident>;
  readonly facts?: Partial<IncidentFacts>;
  readonly key?: Partial<KeyFacts>;
  readonly origin?: Partial<MessageOrigin>;
}

/** One incident as it is told, three minutes after its bin. */
const aToldIncident = (parts: MessageParts = {}): IncidentMessage => {
  const key = aKey(parts.key);
  const facts = someFacts(parts.facts);
  const incident = anIncident({ keyArn: key.keyArn, ...parts.incident });
  const { reason = 'opened', number = 1 } = parts;
  return {
    key,
    notification: {
      number,
      reason,
      incident,
      severity: incident.severity,
      at: binEnd(facts.bin) + 180,
      facts,
    },
  };
};

/** A message about one incident. */
export const aMessage = (parts: MessageParts = {}): Extract<Message, { kind: 'incident' }> => ({
  kind: 'incident',
  origin: anOrigin(parts.origin),
  ...aToldIncident(parts),
});

/** The data lake again three and a half hours later, when it is over. */
export const aResolvedMessage = (parts: MessageParts = {}): Extract<Message, { kind: 'incident' }> => {
  const endedBin = NIGHT_BIN + 39;
  return aMessage({
    ...parts,
    reason: 'resolved',
    number: 3,
    incident: {
      status: 'resolved',
      endedBin,
      tally: {
        throughBin: endedBin + 18,
        lastAboveBin: endedBin - 1,
        lastBreachingBin: endedBin - 1,
        quietBins: 18,
        excessRequests: 13_700_000,
        excessUsd: 41.2,
        peakRatio: 51,
        peakUsdPerHour: 15.1,
      },
      ...parts.incident,
    },
    facts: {
      bin: endedBin + 18,
      operations: [],
      ratio: 0,
      usdPerHour: 0,
      usdPerHourHigh: 0,
      excessUsd: 41.2,
      excessRequests: 13_700_000,
      quotaShare: 0,
      recent: [...Array.from({ length: 17 }, () => 410_000), ...Array.from({ length: 19 }, () => 8_600)],
      ...parts.facts,
    },
  });
};

/** Several keys that went off together; the n-th costs 1/n of the first. */
export const aGroup = (
  size: number,
  parts: (index: number) => MessageParts = () => ({}),
): Extract<Message, { kind: 'group' }> => ({
  kind: 'group',
  origin: anOrigin(),
  at: binEnd(NIGHT_BIN) + 180,
  items: Array.from({ length: size }, (_, index) => {
    const suffix = String(index).padStart(12, '0');
    const keyArn = `arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-${suffix}` as KeyArn;
    return aToldIncident({
      key: { keyArn, aliases: [`alias/job-${index + 1}`] },
      facts: { usdPerHour: 14.6 / (index + 1), usdPerHourHigh: 14.6 / (index + 1) },
      ...parts(index),
    });
  }),
});

/** A drill. */
export const aDrill = (): Extract<Message, { kind: 'drill' }> => ({
  kind: 'drill',
  origin: anOrigin(),
  at: binEnd(NIGHT_BIN) + 180,
  id: 'drill-20261125T0218',
});

/** A small incident as a digest tells it. */
export const aNoticeIncident = (over: Partial<NoticeIncident> = {}): NoticeIncident => ({
  id: 'kms-20261124T1310-1a2b3c4d',
  keyArn: LAKE_KEY,
  name: 'lake-etl',
  severity: 'digest',
  operations: ['Decrypt'],
  openedAt: binStart(NIGHT_BIN) - 46_800,
  endedAt: binStart(NIGHT_BIN) - 44_400,
  excessUsd: 0.42,
  peakRatio: 12,
  ...over,
});

/** A week of three keys, one of which has grown. */
export const aBill = (over: Partial<Bill> = {}): Bill => {
  const key = { keyArn: LAKE_KEY, name: 'lake-etl', requests: 14_000_000, usd: 42, usualUsd: 31 };
  return {
    keys: 3,
    usd: 57.1,
    usualUsd: 46.3,
    top: [
      key,
      { ...key, name: 'checkout', requests: 5_000_000, usd: 15, usualUsd: 15.2 },
      { ...key, name: 'new-report', requests: 33_000, usd: 0.1, usualUsd: 0 },
    ],
    grown: [key],
    ...over,
  };
};

/** What each kind of notice tells, in an ordinary week. */
export const someNoticeFacts = {
  digest: {
    kind: 'digest',
    until: Date.UTC(2026, 10, 25, 7) / 1000,
    incidents: [
      aNoticeIncident(),
      aNoticeIncident({ name: 'backup', operations: ['Encrypt', 'Decrypt'], excessUsd: 0.03, peakRatio: 3 }),
    ],
    total: 2,
    totalUsd: 0.45,
  },
  weekly: {
    kind: 'weekly',
    from: Date.UTC(2026, 10, 16, 7) / 1000,
    until: Date.UTC(2026, 10, 23, 7) / 1000,
    bill: aBill(),
    incidents: [aNoticeIncident({ severity: 'page', excessUsd: 41.2, peakRatio: 51 }), aNoticeIncident()],
    total: 2,
    totalUsd: 41.62,
    pages: 1,
    notices: 0,
    open: 0,
    standing: 0,
    unread: 0,
    metricsAWeek: 125_000,
    watchingUsd: 1.25,
  },
  welcome: {
    kind: 'welcome',
    keys: 39,
    series: 62,
    unlearned: 62,
    receivers: [{ name: 'sns', confirmed: 1, unconfirmed: 1 }, { name: 'slack' }],
    pageUsdPerHour: 10,
    noticeUsdPerHour: 0.5,
  },
  firstDay: {
    kind: 'firstDay',
    series: 62,
    bill: aBill({ grown: [] }),
    history: {
      from: binStart(NIGHT_BIN) - 14 * 86_400,
      until: binStart(NIGHT_BIN),
      incidents: [
        aNoticeIncident({ severity: 'page', excessUsd: 41.2, peakRatio: 51 }),
        aNoticeIncident({ severity: 'notice', name: 'backup', excessUsd: 1.1, peakRatio: 6 }),
      ],
      total: 2,
      totalUsd: 42.3,
      pages: 1,
      small: 3,
      forecast: { notices: { expected: 1, low: 0, high: 4 }, pages: { expected: 1, low: 0, high: 4 } },
      leftOut: 12,
    },
  },
  deadReceiver: {
    kind: 'deadReceiver',
    receiver: 'slack',
    since: binEnd(NIGHT_BIN) - 3 * 3600,
    reason: 'Slack answered 404 no_service',
    waiting: 2,
    lost: 1,
  },
} as const satisfies { readonly [K in NoticeFacts['kind']]: Extract<NoticeFacts, { kind: K }> };

/** A message without an incident. */
export const aNotice = (
  facts: NoticeFacts,
  id = 'DIGEST#2026-11-25',
): Extract<Message, { kind: 'notice' }> => ({
  kind: 'notice',
  origin: anOrigin(),
  notice: { id, at: binEnd(NIGHT_BIN) + 180, facts },
});
