import { MemoryQuotaLookup } from '../../shared/adapters/memory/memory-quota-lookup.ts';
import { MemoryReceiver } from '../../shared/adapters/memory/memory-receiver.ts';
import { acknowledge } from '../../shared/app/acknowledge.ts';
import { mute } from '../../shared/app/mute.ts';
import { testAlert } from '../../shared/app/test-alert.ts';
import type { Callers } from '../../shared/domain/callers/callers.ts';
import { sampleOf } from '../../shared/domain/callers/sample.ts';
import type { Message } from '../../shared/domain/incident/message.ts';
import { isRegionSubject } from '../../shared/domain/usage/key.ts';
import { BINS_PER_WEEK, binAt } from '../../shared/domain/usage/time.ts';
import { messageKind } from '../../shared/render/headline.ts';
import { aDetector, binsAfterStart, type DetectorOptions, START, type Trace } from './a-detector.ts';
import { aRole, keyEvents } from './key-events.ts';
import { aKeyArn } from './keys.ts';

/*
 * Accounts that are played through the detector, for the messages that it sends. Nothing in a message is typed here:
 * money, shares, times and severities are what the detector itself makes of the requests.
 */

const HOUR = 3600;
const DAY = 86_400;

/** Requests that KMS admits in a second in the played Region, and in five minutes. */
const QUOTA = 20_000;
const QUOTA_PER_BIN = QUOTA * 300;

/** A key, the operation it is used for, and its requests in five minutes. */
interface PlayedKey {
  readonly name: string;
  readonly operation: 'Decrypt' | 'Encrypt' | 'GenerateDataKey';
  readonly requests: Trace;
}

/** A level with a little noise, up to `noise` of it. */
const about =
  (level: number, noise = 0.05): Trace =>
  (bin) =>
    Math.round(level * (1 - noise + noise * (((bin * 7) % 13) / 6.5)));

/** One trace, and another one instead in [from, to) hours after START. */
const between =
  (from: number, to: number, other: Trace, usual: Trace): Trace =>
  (bin) => {
    const hours = binsAfterStart(bin) / 12;
    return hours >= from && hours < to ? other(bin) : usual(bin);
  };

const LAKE = aKeyArn(1);
const lakeUsual = about(8_800);
const lakeEtl = (requests: Trace): PlayedKey => ({ name: 'lake-etl', operation: 'Decrypt', requests });

/** What else the account does: two keys that go on as ever. */
const ORDERS: PlayedKey = { name: 'orders-api', operation: 'Decrypt', requests: about(120_000) };
const CHECKOUT: PlayedKey = { name: 'checkout', operation: 'GenerateDataKey', requests: about(45_000) };

/** A role that reads the objects of one bucket without a Bucket Key, and another one that reports on them. */
const KNOWN = knownCallers();

function knownCallers(): Callers {
  const events = [
    ...objectsRead('etl', 332, 'aws-sdk-java/2.29.1 emr-7.3'),
    ...objectsRead('reports', 48, 'Boto3/1.35.70'),
  ];
  const sample = sampleOf(events);
  if (!sample) throw new RangeError('no events');
  return { kind: 'known', sample };
}

function objectsRead(role: string, count: number, userAgent: string) {
  return Array.from({ length: count }, (_, i) =>
    keyEvents(1, {
      at: START + i,
      identity: { ...aRole(role), invokedBy: 's3.amazonaws.com' },
      userAgent,
      encryptionContext: { 'aws:s3:arn': `arn:aws:s3:::lake-raw/2026/part-${i}.parquet` },
    }),
  ).flat();
}

/** A detector of these keys. */
function anAccount(keys: readonly PlayedKey[], more: Partial<DetectorOptions> = {}, historyWeeks = 2) {
  const { ports, ...detector } = aDetector({
    traces: keys.map(({ operation, requests }, n) => ({
      metric: { kind: 'key', keyArn: aKeyArn(n + 1), operation },
      requests,
      fromBin: binAt(START) - historyWeeks * BINS_PER_WEEK,
    })),
    keys: keys.map(({ name }, n) => ({
      keyArn: aKeyArn(n + 1),
      aliases: [`alias/${name}`],
      spec: 'SYMMETRIC_DEFAULT',
      manager: 'CUSTOMER',
    })),
    origin: { timeZone: 'Europe/Berlin', functionName: 'kms-runaway-Detector-AbC123' },
    ...more,
  });
  const pagerduty = new MemoryReceiver({ name: 'pagerduty', severities: ['page'], acknowledges: true });
  const email = Object.assign(detector.email, {
    subscriptions: () => Promise.resolve({ confirmed: 2, pending: 1 }),
  });
  const all = {
    ...ports,
    quotaLookup: new MemoryQuotaLookup({ symmetric: QUOTA }),
    receivers: [email, detector.slack, pagerduty],
  };
  /** Checks three minutes after each step in (from, to], in hours after START. */
  const play = async (from: number, to: number, stepSeconds = 300): Promise<void> => {
    for (let at = START + from * HOUR + stepSeconds; at <= START + to * HOUR; at += stepSeconds)
      await detector.run(at + 180, { scheduled: true }, all);
  };
  return { ...detector, ports: all, email, pagerduty, play };
}

/** A job reads a data lake without a Bucket Key for two hours. Somebody has it; the next morning it is back. */
export async function playStorm() {
  const storm = between(2, 4.25, about(400_000), between(25, 30, about(390_000), lakeUsual));
  const account = anAccount([lakeEtl(storm), ORDERS, CHECKOUT], { until: START + 2 * DAY });
  account.callers.answer = KNOWN;
  await account.play(0, 1, HOUR);
  await account.play(1.75, 2.25);
  await acknowledge(account.ports, { target: { field: 'key', value: 'alias/lake-etl' }, by: 'ada' });
  await account.play(2.25, 2.5);
  await account.play(6.5, 7);
  await account.play(24.75, 25.25);
  const { messages } = account.email;
  return {
    opened: told(messages, 'opened'),
    worse: told(messages, 'escalated'),
    acknowledged: told(account.pagerduty.messages, 'acknowledged'),
    resolved: told(messages, 'resolved'),
    reopened: told(messages, 'opened', 1),
  };
}

/** A job whose callers CloudTrail shows late. It goes on for hours, stops, and begins again before its end is told. */
export async function playLongStorm() {
  const goesOn = between(2, 6.75, about(400_000), between(8.25, 9, about(410_000), lakeUsual));
  const account = anAccount([lakeEtl(goesOn), ORDERS, CHECKOUT]);
  await account.play(0, 1, HOUR);
  await account.play(1.75, 2.25);
  account.callers.answer = KNOWN;
  await account.play(2.25, 2.5);
  await account.play(6, 6.75);
  await account.play(8, 8.5);
  const { messages } = account.email;
  return {
    opened: told(messages, 'opened'),
    updated: told(messages, 'updated'),
    reminder: told(messages, 'reminder'),
    back: told(messages, 'escalated', 1),
  };
}

/** A load test that was announced until noon, and goes on. */
export async function playMute() {
  const account = anAccount([lakeEtl(between(2, 9, about(400_000), lakeUsual)), ORDERS, CHECKOUT]);
  account.callers.answer = KNOWN;
  await account.play(0, 1, HOUR);
  const request = { key: 'alias/lake-etl', until: START + 4 * HOUR, reason: 'load test', by: 'ada' };
  await mute(account.ports, request, 'm1');
  await account.play(1.75, 2.25);
  await account.play(3.75, 4.25);
  return { afterMute: told(account.email.messages, 'opened') };
}

/** A release that uses more for good. */
export async function playNewLevel() {
  const lasts = between(2, 96, about(52_000), lakeUsual);
  const account = anAccount([lakeEtl(lasts), ORDERS, CHECKOUT], { until: START + 4 * DAY });
  account.callers.answer = KNOWN;
  await account.play(0, 1, HOUR);
  await account.play(1.75, 2.25);
  await account.play(4, 50, 2 * HOUR);
  await account.play(50, 51);
  return { standing: told(account.email.messages, 'updated') };
}

/** A job that asks for all that KMS admits. */
export async function playFullQuota() {
  const rest: Trace = (bin) => QUOTA_PER_BIN - ORDERS.requests(bin) - CHECKOUT.requests(bin);
  const account = anAccount([lakeEtl(between(2, 3, rest, lakeUsual)), ORDERS, CHECKOUT]);
  account.callers.answer = KNOWN;
  await account.play(0, 1, HOUR);
  await account.play(1.75, 2.25);
  const full = account.email.messages.find((one) => one.kind === 'incident' && one.key.keyArn === LAKE);
  return { full: full ?? told([], 'opened') };
}

/** A job that is within its habits, and over what its owner has allowed. */
export async function playLimit() {
  const hourly: Trace = (bin) => about(34_000 + 1_000 * ((Math.floor(bin / 12) * 5) % 11))(bin);
  const account = anAccount([lakeEtl(between(2, 3, about(45_000), hourly)), ORDERS, CHECKOUT], {
    policy: {
      version: 1,
      thresholds: [{ name: 'etl-budget', keys: ['alias/lake-etl'], period: 'PT1H', above: 500_000 }],
    },
  });
  account.callers.answer = KNOWN;
  await account.play(0, 1, HOUR);
  await account.play(2, 3);
  return { limit: told(account.email.messages, 'opened') };
}

/** A release of a library that twelve jobs share: each makes eleven requests for one. */
export async function playLibrary() {
  const jobs = Array.from({ length: 12 }, (_, n): PlayedKey => {
    const usual = 33_000 / (n + 1);
    const requests = between(2, 3, about(usual * 11), about(usual));
    return { name: `job-${n + 1}`, operation: 'Decrypt', requests };
  });
  const account = anAccount(jobs);
  await account.play(0, 1, HOUR);
  await account.play(2, 2.1);
  return { group: told(account.email.messages, 'group') };
}

/** Ten jobs that go off one after the other: more messages than people want in an hour. */
export async function playBudget() {
  const jobs = Array.from({ length: 10 }, (_, n): PlayedKey => {
    const begins = 2 + Math.floor(n / 2) / 6;
    const requests = between(begins, 5, about(26_000 + 1_500 * n), about(2_000));
    return { name: `batch-${n + 1}`, operation: 'Decrypt', requests };
  });
  const account = anAccount(jobs, { maxMessagesPerHour: 5 });
  await account.play(0, 1, HOUR);
  await account.play(2, 3.1);
  return { held: told(account.email.messages, 'group') };
}

/** Fourteen services that all make twice as many requests within half an hour; none of them is to blame. */
export async function playRegion() {
  const doubling = (bin: number): number => {
    const since = binsAfterStart(bin) - 24;
    return since >= 0 && since < 24 ? 1 + Math.min(1, (since + 1) / 6) : 1;
  };
  const services = Array.from({ length: 14 }, (_, n): PlayedKey => {
    const usual = about([260_000, 240_000][n] ?? 190_000);
    const name = ['orders-api', 'checkout'][n] ?? `service-${n - 1}`;
    return { name, operation: 'Decrypt', requests: (bin) => Math.round(usual(bin) * doubling(bin)) };
  });
  const account = anAccount(services);
  await account.play(0, 1, HOUR);
  await account.play(2, 2.5);
  await account.play(6, 6.75);
  const messages = account.email.messages.filter(
    (message) => message.kind === 'incident' && isRegionSubject(message.key.keyArn),
  );
  return { opened: told(messages, 'opened'), resolved: told(messages, 'resolved') };
}

/** The first days of a detector, to their Monday: small storms, a loud one, and Slack's webhook revoked on the way. */
export async function playWeek() {
  const lake = between(-70, -67, about(400_000), between(80, 82, about(410_000), lakeUsual));
  const backup = between(28, 28.5, about(11_000), between(30, 31, about(9_000), about(1_000)));
  const reports = between(-200, -198, about(30_000), between(33, 34, about(8_000), about(1_200)));
  const account = anAccount(
    [
      lakeEtl(lake),
      ORDERS,
      CHECKOUT,
      { name: 'backup', operation: 'Encrypt', requests: backup },
      { name: 'reports', operation: 'Decrypt', requests: reports },
    ],
    { until: START + 6 * DAY },
    4,
  );
  await account.play(0, 28, HOUR);
  await account.play(28, 40, HOUR / 2);
  await account.play(40, 80, HOUR);
  account.slack.failWith({ kind: 'refused', reason: 'HTTP 404 no_service' }, Number.POSITIVE_INFINITY);
  await account.play(80, 86, HOUR / 2);
  await account.play(86, 118, HOUR);
  await account.play(118.75, 119);
  await testAlert({ ...account.ports, receivers: [account.email] }, account.settings.origin, '20261123T0803');
  const { messages } = account.email;
  return {
    welcome: told(messages, 'welcome'),
    firstDay: told(messages, 'firstDay'),
    digest: told(messages, 'digest'),
    weekly: told(messages, 'weekly'),
    deadReceiver: told(messages, 'deadReceiver'),
    drill: told(messages, 'drill'),
  };
}

/** The nth message of this kind that people got. */
function told(messages: readonly Message[], kind: string, nth = 0): Message {
  const message = messages.filter((one) => messageKind(one) === kind)[nth];
  if (!message) throw new RangeError(`${kind} ${nth} is not among ${messages.map(messageKind).join(', ')}`);
  return message;
}
