import * as z from 'zod/mini';
import type { Forecast } from '../../domain/forecast.ts';
import type {
  Bill,
  DeadReceiverFacts,
  DigestFacts,
  FirstDayFacts,
  HistoryFacts,
  KeyBill,
  Notice,
  NoticeIncident,
  ReceiverState,
  WeeklyFacts,
  WelcomeFacts,
} from '../../domain/notice.ts';
import { storedDelivery } from './stored-incident.ts';
import { type ShapeOf, storedKeyArn, storedNumber } from './stored-item.ts';

const integer = z.int();

const incident = z.object({
  id: z.string(),
  keyArn: storedKeyArn,
  name: z.string(),
  severity: z.enum(['page', 'notice', 'digest']),
  operations: z.array(z.string()),
  openedAt: storedNumber,
  endedAt: z.exactOptional(storedNumber),
  excessUsd: storedNumber,
  peakRatio: storedNumber,
} satisfies ShapeOf<NoticeIncident>);

const keyBill = z.object({
  keyArn: storedKeyArn,
  name: z.string(),
  requests: storedNumber,
  usd: storedNumber,
  usualUsd: storedNumber,
} satisfies ShapeOf<KeyBill>);

const bill = z.object({
  keys: integer,
  usd: storedNumber,
  usualUsd: storedNumber,
  top: z.array(keyBill),
  grown: z.array(keyBill),
} satisfies ShapeOf<Bill>);

const receiver = z.object({
  name: z.string(),
  confirmed: z.exactOptional(integer),
  unconfirmed: z.exactOptional(integer),
} satisfies ShapeOf<ReceiverState>);

const forecast = z.object({
  expected: storedNumber,
  low: storedNumber,
  high: storedNumber,
} satisfies ShapeOf<Forecast>);

const history = z.object({
  from: storedNumber,
  until: storedNumber,
  incidents: z.array(incident),
  total: integer,
  totalUsd: storedNumber,
  pages: integer,
  small: integer,
  forecast: z.object({ notices: forecast, pages: forecast }),
  leftOut: integer,
} satisfies ShapeOf<HistoryFacts>);

const facts = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('digest'),
    until: storedNumber,
    incidents: z.array(incident),
    total: integer,
    totalUsd: storedNumber,
  } satisfies ShapeOf<DigestFacts>),
  z.object({
    kind: z.literal('weekly'),
    from: storedNumber,
    until: storedNumber,
    bill,
    incidents: z.array(incident),
    total: integer,
    totalUsd: storedNumber,
    pages: integer,
    notices: integer,
    open: integer,
    standing: integer,
    unread: integer,
    metricsAWeek: storedNumber,
    watchingUsd: storedNumber,
  } satisfies ShapeOf<WeeklyFacts>),
  z.object({
    kind: z.literal('welcome'),
    keys: integer,
    series: integer,
    unlearned: integer,
    receivers: z.array(receiver),
    pageUsdPerHour: storedNumber,
    noticeUsdPerHour: storedNumber,
  } satisfies ShapeOf<WelcomeFacts>),
  z.object({
    kind: z.literal('firstDay'),
    series: integer,
    bill,
    history: z.exactOptional(history),
  } satisfies ShapeOf<FirstDayFacts>),
  z.object({
    kind: z.literal('deadReceiver'),
    receiver: z.string(),
    since: storedNumber,
    reason: z.string(),
    waiting: integer,
    lost: integer,
  } satisfies ShapeOf<DeadReceiverFacts>),
]);

/** A notice as stored. */
export const storedNotice = z.object({
  id: z.string(),
  at: storedNumber,
  facts,
  deliveries: z.array(storedDelivery),
} satisfies ShapeOf<Notice>);
