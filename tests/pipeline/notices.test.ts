import { beforeAll, describe, expect, it } from 'vitest';
import type { DetectPorts } from '../../shared/app/detect-request.ts';
import { readStatus } from '../../shared/app/status.ts';
import type { Message } from '../../shared/domain/incident/message.ts';
import type { NoticeFacts } from '../../shared/domain/notice.ts';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import { binAt, isoTime } from '../../shared/domain/usage/time.ts';
import { aDetector, binsAfterStart, reasonsOf, START } from '../support/a-detector.ts';
import { aKeyArn } from '../support/keys.ts';

const HOUR = 3600;
const DAY = 86_400;

const decryptOf = (key: number): Metric => ({ kind: 'key', keyArn: aKeyArn(key), operation: 'Decrypt' });

/** 300 requests a bin, and `size` in some hours after START: 4,000 cost $0.13 an hour, which is worth a digest only. */
const smallStormAt = (hours: readonly number[], size: number) => (bin: number) => {
  const hour = Math.floor(binsAfterStart(bin) / 12);
  return hours.includes(hour) ? size : 300 + (bin % 7);
};

const noticesOf = (
  messages: readonly Message[],
): Exclude<Message, { kind: 'incident' | 'group' | 'drill' }>[] =>
  messages.flatMap((message) => (message.kind === 'notice' ? [message] : []));

const factsOf = <K extends NoticeFacts['kind']>(messages: readonly Message[], kind: K) =>
  noticesOf(messages).flatMap(({ notice: { facts } }) =>
    facts.kind === kind ? [facts as Extract<NoticeFacts, { kind: K }>] : [],
  );

/** A week that begins on a Wednesday at 08:00: small storms on Thursday and Friday, a loud one on Saturday. */
function aWeek() {
  const until = START + 8 * DAY;
  const detector = aDetector({
    traces: [
      { metric: decryptOf(1), requests: smallStormAt([28, 29, 55], 4_000) },
      { metric: decryptOf(2), requests: smallStormAt([30], 5_000) },
      { metric: decryptOf(3), requests: smallStormAt([80, 81], 60_000) },
    ],
    keys: [1, 2, 3].map((key) => ({
      keyArn: aKeyArn(key),
      aliases: [`alias/job-${key}`],
      spec: 'SYMMETRIC_DEFAULT',
      manager: 'CUSTOMER' as const,
    })),
    until,
  });
  return { ...detector, until };
}

/** Runs on the schedule, but only twice an hour: what is told does not depend on it. */
async function play(
  { run }: ReturnType<typeof aDetector>,
  from: number,
  to: number,
  ports?: DetectPorts,
): Promise<void> {
  for (let at = from + 180; at <= to; at += HOUR / 2) await run(at, { scheduled: true }, ports);
}

describe('a detector that was just deployed', () => {
  const tenKeys = () =>
    aDetector({
      traces: Array.from({ length: 10 }, (_, key) => ({
        metric: decryptOf(key + 1),
        fromBin: binAt(START) - 2 * 2016,
        requests: (bin: number) => 300 + (bin % 7),
      })),
    });
  const toldAt = ({ email }: ReturnType<typeof aDetector>) =>
    noticesOf(email.messages).map(({ notice }) => [notice.id, isoTime(notice.at)]);

  it('welcomes and reports with its first scheduled check, which comes within five minutes', async () => {
    const first = tenKeys();

    const report = await first.run(START + 180, { scheduled: true });

    expect(toldAt(first)).toEqual([
      ['WELCOME', '2026-11-18T08:03:00Z'],
      ['FIRST-DAY', '2026-11-18T08:03:00Z'],
    ]);
    expect(factsOf(first.email.messages, 'firstDay')).toMatchObject([
      { series: 10, bill: { keys: 10 }, history: { leftOut: 0 } },
    ]);
    expect(report).toMatchObject({
      backfill: { done: 10, remaining: 0 },
      delivery: { sent: 4, pending: 0, failures: [] },
    });
    await first.run(START + 480, { scheduled: true });
    expect(toldAt(first)).toHaveLength(2);
  });

  it('reports with its second check where the first has no time left to look through the history', async () => {
    const slow = tenKeys();
    await slow.run(START + 180, { scheduled: true, deadline: START + 180 + 150 });
    await slow.run(START + 480, { scheduled: true });

    expect(toldAt(slow)).toEqual([
      ['WELCOME', '2026-11-18T08:03:00Z'],
      ['FIRST-DAY', '2026-11-18T08:08:00Z'],
    ]);
  });

  it('welcomes and reports at once where a check by hand has learned everything', async () => {
    const asked = tenKeys();
    await asked.run(START + 60);
    await asked.run(START + 180, { scheduled: true });

    expect(toldAt(asked).map(([id]) => id)).toEqual(['WELCOME', 'FIRST-DAY']);
  });
});

describe('a week of checks', () => {
  const week = aWeek();
  beforeAll(() => play(week, START, week.until), 60_000);

  it('welcomes once, sums a day up at 08:00, and a week on Monday', () => {
    const told = noticesOf(week.email.messages).map(({ notice }) => [notice.id, isoTime(notice.at)]);
    expect(told).toEqual([
      ['WELCOME', '2026-11-18T08:03:00Z'],
      ['FIRST-DAY', '2026-11-18T08:03:00Z'],
      ['DIGEST#2026-11-20', '2026-11-20T08:03:00Z'],
      ['DIGEST#2026-11-21', '2026-11-21T08:03:00Z'],
      ['WEEK#2026-48', '2026-11-23T08:03:00Z'],
    ]);
    expect(noticesOf(week.slack.messages).map(({ notice }) => notice.id)).toEqual(told.map(([id]) => id));
    expect(reasonsOf(week.email.messages).filter((reason) => /opened|resolved/.test(reason))).toEqual([
      'opened',
      'resolved',
    ]);
  });

  it('tells what each of them is there for', () => {
    const { messages } = week.email;
    expect(factsOf(messages, 'welcome')).toMatchObject([{ keys: 3, series: 3, unlearned: 3 }]);
    expect(factsOf(messages, 'firstDay')).toMatchObject([{ series: 3, bill: { keys: 3 } }]);
    const [thursday, friday] = factsOf(messages, 'digest');
    expect(thursday?.incidents.map(({ name }) => name).toSorted()).toEqual(['job-1', 'job-2']);
    expect(thursday).toMatchObject({ total: 2, totalUsd: expect.closeTo(0.435, 2) });
    expect(friday?.incidents).toMatchObject([
      { name: 'job-1', severity: 'digest', endedAt: expect.any(Number) },
    ]);
    const [report] = factsOf(messages, 'weekly');
    expect(report).toMatchObject({ total: 4, pages: 0, notices: 1, open: 0, unread: 0 });
    expect(report?.incidents.map(({ severity }) => severity)).toEqual([
      'notice',
      'digest',
      'digest',
      'digest',
    ]);
    expect(report?.bill.top[0]).toMatchObject({ name: 'job-3', requests: expect.closeTo(2_040_000, -5) });
    expect(report?.bill.grown).toMatchObject([{ name: 'job-3' }, { name: 'job-1' }]);
    expect(report?.metricsAWeek).toBeGreaterThan(0);
  });

  it('tells once in a digest what went, came back and went again', async () => {
    const detector = aDetector({
      traces: [{ metric: decryptOf(1), requests: smallStormAt([4, 9], 4_000) }],
      until: START + 2 * DAY,
    });

    await play(detector, START, START + 1.1 * DAY);

    const [digest] = factsOf(detector.email.messages, 'digest');
    expect(digest).toMatchObject({ total: 1, totalUsd: expect.closeTo(0.22, 1) });
  });

  it('says in its first report what would have been told, and what to expect', async () => {
    const requests = (bin: number) => {
      const day = Math.floor(binsAfterStart(bin) / 288);
      return [-3, -20].includes(day) && bin % 288 < 24 ? 60_000 : 300 + (bin % 7);
    };
    const fromBin = binAt(START) - 8 * 2016;
    const first = aDetector({ traces: [{ metric: decryptOf(1), fromBin, requests }] });

    await play(first, START, START + HOUR);

    const [ready] = factsOf(first.email.messages, 'firstDay');
    expect(ready?.history).toMatchObject({
      total: 1,
      pages: 0,
      leftOut: 0,
      incidents: [{ severity: 'notice', excessUsd: expect.closeTo(4.3, 0) }],
      forecast: { notices: { expected: expect.closeTo(1, 1) }, pages: { expected: 0 } },
    });
  });

  it('names what its time did not suffice to look through', async () => {
    const many = aDetector({
      traces: [1, 2, 3].map((seed) => ({ metric: decryptOf(seed), requests: (bin) => 300 + (bin % 7) })),
    });
    // A check by hand learns, and leaves the reports to the schedule.
    await many.run(START + 1800);
    let now = START + 3600;
    const slow = { ...many.ports, clock: { now: () => (now += 20) } };

    await many.run(START + 3600, { scheduled: true, deadline: now + 900 }, slow);

    const [ready] = factsOf(many.email.messages, 'firstDay');
    expect(ready?.history?.leftOut).toBeGreaterThan(0);
    expect(ready?.history?.leftOut).toBeLessThan(3);
  });

  it('leaves no incident waiting once its digest is told', async () => {
    expect((await week.ports.incidents.loadOpen()).open).toEqual([]);
    expect(await readStatus(week.ports)).toMatchObject({ deliveriesPending: 0, deadReceivers: [] });
  });

  it('does not repeat in a digest what got worse and was told at once', async () => {
    const requests = (bin: number) => smallStormAt([5], 4_000)(bin) + smallStormAt([6, 7], 60_000)(bin);
    const day = aDetector({ traces: [{ metric: decryptOf(1), requests }], until: START + 2 * DAY });

    await play(day, START, START + 2 * DAY);

    expect(reasonsOf(day.email.messages)).toEqual(['welcome', 'firstDay', 'escalated', 'resolved']);
    expect((await day.ports.incidents.loadOpen()).open).toEqual([]);
  });

  it('says nothing of a day on which nothing happened', async () => {
    const quiet = aDetector({
      traces: [{ metric: decryptOf(1), requests: smallStormAt([], 0) }],
      until: START + 2 * DAY,
    });

    await play(quiet, START, START + 2 * DAY);

    expect(reasonsOf(quiet.email.messages)).toEqual(['welcome', 'firstDay']);
  });
});

/** The process has died: nothing that it started afterwards reaches the world. */
class Killed extends Error {
  override name = 'Killed' as const;
}

/** Ports of a process that dies at its nth call of `name`, before the call has any effect, or after it. */
function dyingAt(ports: DetectPorts, name: string, nth: number, moment: 'before' | 'after'): DetectPorts {
  let calls = 0;
  let dead = false;
  const wrap = <T extends object>(port: T, label: string): T =>
    new Proxy(port, {
      get(target, property) {
        const member: unknown = Reflect.get(target, property);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          if (dead) throw new Killed();
          const isLast = `${label}.${String(property)}` === name && ++calls === nth;
          if (isLast) dead = true;
          if (isLast && moment === 'before') throw new Killed();
          const result: unknown = await member.apply(target, args);
          if (isLast) throw new Killed();
          return result;
        };
      },
    });
  return {
    ...ports,
    incidents: wrap(ports.incidents, 'incidents'),
    notices: wrap(ports.notices, 'notices'),
    baselines: wrap(ports.baselines, 'baselines'),
    runs: wrap(ports.runs, 'runs'),
    receivers: ports.receivers.map((receiver) => wrap(receiver, receiver.name)),
  };
}

describe('a run that is killed while it tells a digest', () => {
  const digestAt = START + DAY + 180;

  /** A day with two small storms, up to the run that is to tell them. */
  async function untilTheDigest() {
    const traces = [1, 2].map((key) => ({
      metric: decryptOf(key),
      fromBin: binAt(START) - 2 * 2016,
      requests: smallStormAt([5, 6], 4_000),
    }));
    const day = aDetector({ traces, until: START + 2 * DAY });
    for (let at = START + 180; at < digestAt; at += HOUR) await day.run(at, { scheduled: true });
    return day;
  }

  it.each([
    ['notices.load', 1, 'before', []],
    ['notices.put', 1, 'before', []],
    ['notices.put', 1, 'after', []],
    ['incidents.put', 1, 'before', []],
    ['incidents.put', 1, 'after', []],
    ['sns.send', 1, 'before', []],
    // Sent, and not recorded: this one message comes twice, and only to that receiver.
    ['sns.send', 1, 'after', ['sns']],
    ['notices.put', 2, 'before', ['sns']],
    ['notices.put', 2, 'after', []],
    ['slack.send', 1, 'after', ['slack']],
    ['notices.put', 3, 'after', []],
    ['runs.saveReport', 1, 'before', []],
  ] as const)('at call %s number %i, %s it, loses nothing', async (call, nth, moment, twice) => {
    const day = await untilTheDigest();
    const ports = dyingAt(day.ports, call, nth, moment);

    await day.run(digestAt, { scheduled: true }, ports).catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
    await play(day, START + DAY + HOUR / 2, START + DAY + 6 * HOUR);

    for (const receiver of [day.email, day.slack]) {
      const digests = noticesOf(receiver.messages).filter(({ notice }) => notice.id === 'DIGEST#2026-11-19');
      expect(digests).toHaveLength((twice as readonly string[]).includes(receiver.name) ? 2 : 1);
      expect(digests[0]?.notice.facts).toMatchObject({ total: 2 });
      expect(factsOf(receiver.messages, 'digest').flatMap(({ incidents }) => incidents)).toHaveLength(
        digests.length * 2,
      );
    }
  });
});

describe('a receiver that takes no messages', () => {
  it('is told of once a day, through the other receivers, and in status', async () => {
    const week = aWeek();
    await play(week, START, START + HOUR);
    week.slack.failWith({ kind: 'refused', reason: 'HTTP 404 no_service' }, Number.POSITIVE_INFINITY);

    await play(week, START + HOUR, START + 5 * DAY);

    const told = factsOf(week.email.messages, 'deadReceiver');
    expect(told.map(({ receiver, reason }) => [receiver, reason])).toEqual(
      told.map(() => ['slack', 'HTTP 404 no_service']),
    );
    const days = noticesOf(week.email.messages).flatMap(({ notice }) =>
      notice.facts.kind === 'deadReceiver' ? [notice.id] : [],
    );
    expect(days.length).toBeGreaterThan(0);
    expect(new Set(days).size).toBe(days.length);
    expect(factsOf(week.slack.messages, 'deadReceiver')).toEqual([]);
    expect((await readStatus(week.ports)).deadReceivers).toMatchObject([{ receiver: 'slack' }]);
  });
});

/** Runs on the schedule and notes what the email receiver got in each run. */
async function playAndNote(
  { run, email }: ReturnType<typeof aDetector>,
  from: number,
  to: number,
): Promise<{ readonly at: number; readonly messages: readonly Message[] }[]> {
  const noted: { at: number; messages: Message[] }[] = [];
  for (let at = from + 480; at <= to; at += 300) {
    const before = email.messages.length;
    await run(at);
    noted.push({ at, messages: email.messages.slice(before) });
  }
  return noted;
}

const itemsOf = (messages: readonly Message[]) =>
  messages.flatMap((message) => {
    if (message.kind === 'group') return message.items;
    return message.kind === 'incident' ? [message] : [];
  });

describe('thirty keys that run away within half an hour', () => {
  const KEYS = 30;
  const LIMIT = 6;

  /** Five more keys every five minutes: their openings are one message each time, but each end is one of its own. */
  function aBadDay(stormSize: number, maxMessagesPerHour: number) {
    const first = binAt(START) + 12;
    return aDetector({
      maxMessagesPerHour,
      traces: Array.from({ length: KEYS }, (_, key) => ({
        metric: decryptOf(key),
        fromBin: binAt(START) - 2 * 2016,
        requests: (bin: number) => {
          const since = bin - first - Math.floor(key / 5);
          return since >= 0 && since < 3 ? stormSize : 300 + ((bin + key) % 7);
        },
      })),
    });
  }

  it('come as few messages, and one that holds the rest of the hour', async () => {
    const day = aBadDay(60_000, LIMIT);

    const runs = await playAndNote(day, START - 300, START + 6 * HOUR);

    const perHour = new Map<number, number>();
    for (const { at, messages } of runs) {
      const hour = Math.floor(at / HOUR);
      perHour.set(hour, (perHour.get(hour) ?? 0) + messages.length);
    }
    expect(Math.max(...perHour.values())).toBe(LIMIT);
    const held = day.email.messages.filter((message) => message.kind === 'group' && message.budget);
    expect(held.length).toBeGreaterThan(1);
    expect(held[0]).toMatchObject({ budget: { limit: LIMIT } });
    for (const reason of ['opened', 'resolved']) {
      const told = itemsOf(day.email.messages).filter(({ notification }) => notification.reason === reason);
      expect(told).toHaveLength(KEYS);
      expect(new Set(told.map(({ key }) => key.keyArn)).size).toBe(KEYS);
    }
    expect(await readStatus(day.ports)).toMatchObject({ deliveriesPending: 0, deadReceivers: [] });
  });

  it('are told at once where they page', async () => {
    const day = aBadDay(600_000, 1);

    const runs = await playAndNote(day, START - 300, START + 2 * HOUR);

    const pages = runs.flatMap(({ at, messages }) =>
      itemsOf(messages)
        .filter(({ notification }) => notification.severity === 'page')
        .map(({ notification }) => at - notification.at),
    );
    expect(pages.length).toBeGreaterThan(KEYS / 2);
    expect(new Set(pages)).toEqual(new Set([0]));
  });

  it('keep to the budget although the process dies after each message', async () => {
    const day = aBadDay(60_000, LIMIT);
    await playAndNote(day, START - 300, START + HOUR);

    let sent = 0;
    for (let at = START + HOUR + 480; at < START + 2 * HOUR; at += 300) {
      const before = day.email.messages.length;
      const dying = dyingAt(day.ports, 'runs.saveBudgetUse', 1, 'after');
      await day.run(at, {}, dying).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
      });
      sent += day.email.messages.length - before;
    }

    expect(sent).toBe(LIMIT);
  });
});
