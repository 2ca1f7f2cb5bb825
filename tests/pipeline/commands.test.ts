import { describe, expect, it } from 'vitest';
import { MemoryReceiver } from '../../shared/adapters/memory/memory-receiver.ts';
import { accept } from '../../shared/app/accept.ts';
import { acknowledge } from '../../shared/app/acknowledge.ts';
import { UnknownNameError } from '../../shared/app/known-names.ts';
import { mute, unmute } from '../../shared/app/mute.ts';
import { readStatus } from '../../shared/app/status.ts';
import type { Message } from '../../shared/domain/incident/message.ts';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import { BINS_PER_WEEK, binAt, binEnd, isoTime, storedThrough } from '../../shared/domain/usage/time.ts';
import { renderEmail } from '../../shared/render/email.ts';
import { aDetector, binsAfterStart, reasonsOf, START, type Trace } from '../support/a-detector.ts';
import { aKeyArn } from '../support/keys.ts';

const HOUR = 3600;
const decrypt: Metric = { kind: 'key', keyArn: aKeyArn(1), operation: 'Decrypt' };
const facts = {
  keyArn: aKeyArn(1),
  aliases: ['alias/lake-etl'],
  spec: 'SYMMETRIC_DEFAULT',
  manager: 'CUSTOMER',
} as const;

/** 300 requests a bin; from an hour after START on `during`, for some hours. */
const stormOf =
  (hours: number, during: (bin: number) => number = () => 60_000): Trace =>
  (bin) => {
    const since = binsAfterStart(bin) - 12;
    return since >= 0 && since < hours * 12 ? during(since) : 300 + (bin % 7);
  };

const aStorm = (hours: number, during?: (bin: number) => number, days = 1) =>
  aDetector({
    traces: [
      { metric: decrypt, requests: stormOf(hours, during), fromBin: binAt(START) - 3 * BINS_PER_WEEK },
    ],
    keys: [facts],
    until: START + days * 86_400,
  });

const muted = (until: number) => ({ key: 'alias/lake-*', until, reason: 'load test', by: 'ada' });

const timesOf = (messages: readonly Message[]) =>
  messages.map((message) => (message.kind === 'incident' ? message.notification.at - START : undefined));

describe('a mute', () => {
  it('that ends in the middle lets people hear then, once, since when it has gone on', async () => {
    const { run, runSchedule, ports, email, slack } = aStorm(5);
    await run(START + 180);
    await mute(ports, muted(START + 3 * HOUR), 'm1');
    const during = await runSchedule(START + 300, START + 3 * HOUR - 600);
    expect(email.messages).toEqual([]);
    expect(during).toMatchObject({
      breaching: 1,
      incidents: [{ status: 'open', openedAt: '2026-11-18T09:00:00Z' }],
      delivery: { sent: 0, pending: 0, muted: 2 },
      mutes: [{ id: 'm1', by: 'ada', reason: 'load test', until: '2026-11-18T11:00:00Z' }],
    });

    await runSchedule(START + 3 * HOUR - 600, START + 10 * HOUR);

    expect(reasonsOf(email.messages)).toEqual(['opened', 'resolved']);
    expect(reasonsOf(slack.messages)).toEqual(['opened', 'resolved']);
    expect(timesOf(email.messages)[0]).toBe(3 * HOUR + 180);
    const [first] = email.messages;
    if (!first) throw new Error('nothing was told');
    expect(renderEmail(first).text.replaceAll('\n', ' ')).toMatch(
      /It began .* 2 h .* ago. It was muted until now./,
    );
    expect(first).toMatchObject({
      notification: { incident: { tally: { excessUsd: expect.closeTo(4.3, 0) } } },
    });
  });

  it('keeps what began and ended in it from people for good', async () => {
    const { run, runSchedule, ports, email } = aStorm(2);
    await run(START + 180);
    await mute(ports, muted(START + 8 * HOUR), 'm1');

    const last = await runSchedule(START + 300, START + 10 * HOUR);

    expect(email.messages).toEqual([]);
    expect(last).toMatchObject({ normal: 1, incidents: [] });
    expect(last).not.toHaveProperty('mutes');
  });

  it('that begins in the middle stops what has not been delivered, and is heard after it', async () => {
    const { run, runSchedule, ports, email, slack } = aStorm(6);
    await run(START + 180);
    await runSchedule(START + 300, START + HOUR);
    slack.failWith({ kind: 'retry', reason: 'HTTP 503' });
    await run(START + HOUR + 480);
    expect([reasonsOf(email.messages), slack.messages]).toEqual([['opened'], []]);
    await mute(ports, muted(START + 3 * HOUR), 'm1');

    await runSchedule(START + HOUR + 600, START + 3 * HOUR - 600);
    expect([reasonsOf(email.messages), slack.messages]).toEqual([['opened'], []]);

    await runSchedule(START + 3 * HOUR - 600, START + 3 * HOUR + 600);
    expect([reasonsOf(email.messages), reasonsOf(slack.messages)]).toEqual([['opened'], ['opened']]);
  });

  it('that somebody ends is over with the next check', async () => {
    const { run, runSchedule, ports, email } = aStorm(6);
    await run(START + 180);
    await mute(ports, muted(START + 86_400), 'm1');
    await runSchedule(START + 300, START + 2 * HOUR);
    await expect(unmute(ports, { mute: 'm2', by: 'bob' })).rejects.toThrow(/the nearest: m1/);

    await unmute(ports, { mute: 'm1', by: 'bob' });
    await runSchedule(START + 2 * HOUR, START + 2 * HOUR + 300);

    expect(reasonsOf(email.messages)).toEqual(['opened']);
  });

  it('names nothing unknown, and says what is near', async () => {
    const { run, ports } = aStorm(1);
    await run(START + 180);

    const typo = mute(ports, { ...muted(START + HOUR), key: 'alias/lake-elt' }, 'm1');

    await expect(typo).rejects.toThrow(UnknownNameError);
    await expect(typo).rejects.toThrow(/the nearest: alias\/lake-etl/);
    expect((await ports.commands.load(START)).mutes).toEqual([]);
  });
});

describe('an acknowledgement', () => {
  it('stops reminders, and neither what gets worse nor the end', async () => {
    /** $2 an hour for seven hours, then $20 an hour. */
    const { run, runSchedule, ports, email } = aStorm(9, (bin) => (bin < 84 ? 60_000 : 600_000));
    await run(START + 180);
    await runSchedule(START + 300, START + 2 * HOUR);

    const [{ id } = { id: '' }] = (await readStatus(ports)).incidents;
    const answer = await acknowledge(ports, { target: { field: 'incident', value: id }, by: 'ada' });
    expect(answer.acknowledged).toMatchObject([{ id, key: 'alias/lake-etl', by: 'ada' }]);
    const report = await runSchedule(START + 2 * HOUR, START + 7 * HOUR);

    expect(reasonsOf(email.messages)).toEqual(['opened']);
    expect(report?.incidents).toMatchObject([{ id, ackedBy: 'ada' }]);
    expect((await readStatus(ports)).incidents).toMatchObject([{ id, ackedBy: 'ada' }]);
    await runSchedule(START + 7 * HOUR, START + 14 * HOUR);
    expect(reasonsOf(email.messages)).toEqual(['opened', 'escalated', 'resolved']);
  });

  it('is told once to the receiver that keeps an alert of its own, and to no other', async () => {
    const { run, ports, email } = aStorm(6);
    const pager = new MemoryReceiver({
      name: 'pagerduty',
      severities: ['page', 'notice'],
      groups: false,
      acknowledges: true,
    });
    const paging = { ...ports, receivers: [email, pager] };
    const later = async (from: number, to: number) => {
      for (let at = from; at <= to; at += 300) await run(at + 180, {}, paging);
    };
    await later(START, START + 2 * HOUR);
    const target = { field: 'key', value: 'alias/lake-etl' } as const;
    await acknowledge(paging, { target, by: 'ada' });
    await acknowledge(paging, { target, by: 'bob' });

    await later(START + 2 * HOUR + 300, START + 11 * HOUR);

    expect(reasonsOf(pager.messages)).toEqual(['opened', 'acknowledged', 'resolved']);
    expect(reasonsOf(email.messages)).toEqual(['opened', 'resolved']);
  });

  it('is needed for reminders to stop', async () => {
    const { run, runSchedule, email } = aStorm(9);
    await run(START + 180);

    await runSchedule(START + 300, START + 7 * HOUR);

    expect(reasonsOf(email.messages)).toEqual(['opened', 'reminder']);
  });

  it('that comes while a message is being sent costs no repetition', async () => {
    const { run, runSchedule, ports, email, log } = aStorm(6);
    await run(START + 180);
    await runSchedule(START + 300, START + HOUR);
    const slow: typeof email = Object.create(email, {
      send: {
        value: async (message: Message) => {
          const target = { field: 'key', value: 'alias/lake-etl' } as const;
          await acknowledge(ports, { target, by: 'ada' });
          return email.send(message);
        },
      },
    });

    await run(START + HOUR + 480, {}, { ...ports, receivers: [slow] });
    await run(START + HOUR + 780);

    expect(reasonsOf(email.messages)).toEqual(['opened']);
    expect((await readStatus(ports)).incidents).toMatchObject([{ ackedBy: 'ada' }]);
    expect(log.entries.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('of what is not open says what is', async () => {
    const { run, runSchedule, ports } = aStorm(6);
    await run(START + 180);
    await runSchedule(START + 300, START + 2 * HOUR);

    const byKey = acknowledge(ports, { target: { field: 'key', value: 'alias/other' }, by: 'ada' });
    const byId = acknowledge(ports, { target: { field: 'incident', value: 'kms-0' }, by: 'ada' });

    await expect(byKey).rejects.toThrow(/a key with an open incident; the nearest: alias\/lake-etl/);
    await expect(byId).rejects.toThrow(/an open incident; the nearest: kms-20261118T0900-/);
  });

  it('is written although a run has written the incident meanwhile', async () => {
    const { run, runSchedule, ports } = aStorm(6);
    await run(START + 180);
    await runSchedule(START + 300, START + 2 * HOUR);
    let conflicts = 2;
    const incidents: typeof ports.incidents = Object.create(ports.incidents, {
      put: {
        value: (...put: Parameters<typeof ports.incidents.put>) =>
          conflicts-- > 0 ? Promise.resolve('conflict') : ports.incidents.put(...put),
      },
      loadOpen: { value: () => ports.incidents.loadOpen() },
    });

    await acknowledge(
      { ...ports, incidents },
      { target: { field: 'key', value: 'alias/lake-etl' }, by: 'a' },
    );

    expect((await readStatus(ports)).incidents).toMatchObject([{ ackedBy: 'a' }]);
  });
});

describe('an acceptance', () => {
  it('makes the present level usual, and more than that is told as ever', async () => {
    const { run, runSchedule, ports, email } = aStorm(40, (bin) => (bin < 20 * 12 ? 60_000 : 200_000), 2);
    await run(START + 180);
    await runSchedule(START + 300, START + 4 * HOUR);
    expect(reasonsOf(email.messages)).toEqual(['opened']);

    const answer = await accept(ports, { key: 'alias/lake-etl', by: 'ada' }, 'a1');
    expect(answer).toMatchObject({ key: 'alias/lake-etl', incidents: [expect.stringMatching(/^kms-/)] });
    const later = await runSchedule(START + 4 * HOUR, START + 20 * HOUR);
    expect(later).toMatchObject({ normal: 1, breaching: 0, incidents: [] });
    expect(reasonsOf(email.messages)).toEqual(['opened', 'resolved']);

    await runSchedule(START + 20 * HOUR, START + 22 * HOUR);
    expect(reasonsOf(email.messages)).toEqual(['opened', 'resolved', 'opened']);
  });

  it('is learned alike by frequent runs, by seldom ones and by a replay of history', async () => {
    const detectors = [aStorm(20), aStorm(20), aStorm(20)] as const;
    const [often, seldom, late] = detectors;
    for (const { run } of [often, seldom]) {
      await run(START + 180);
      await run(START + 4 * HOUR + 180);
    }
    for (const { ports } of detectors) {
      ports.clock.set(START + 4 * HOUR + 240);
      const command = { id: 'a1', keyArn: aKeyArn(1), by: 'ada', at: START + 4 * HOUR + 240 };
      await ports.commands.putAcceptance(command);
    }
    const end = START + 12 * HOUR - 300;
    await often.runSchedule(START + 4 * HOUR + 300, end);
    await seldom.run(end + 180);
    await late.run(end + 180);

    const baselines = await Promise.all(
      detectors.map(async ({ ports }) => {
        const [key] = await ports.baselines.loadAll();
        return key?.operations.get('Decrypt')?.baseline;
      }),
    );
    const replay = await late.run(end + 180, { replay: true, notify: false });

    const [first, second, third] = baselines;
    expect(first?.learnedThrough).toBe(storedThrough(end + 180));
    expect(second).toEqual(first);
    expect(third).toEqual(first);
    expect(replay).toMatchObject({ normal: 1, breaching: 0 });
  });
});

describe('a day of use that crosses the threshold again and again', () => {
  it.each([
    ['every hour and a half', 18],
    ['every two hours', 24],
  ])('%s is told as begun and as back, no later bout; then it is over a day later', async (_, period) => {
    const flapping = (bin: number) => (bin % period < 2 ? 60_000 : 300 + (bin % 7));
    const { run, runSchedule, email } = aStorm(24, flapping, 3);
    await run(START + 180);

    await runSchedule(START + 300, START + 25 * HOUR);
    expect(reasonsOf(email.messages)).toEqual(['opened', 'escalated']);
    await runSchedule(START + 25 * HOUR, START + 52 * HOUR);

    const told = reasonsOf(email.messages).filter((reason) => reason !== 'reminder');
    expect(told).toEqual(['opened', 'escalated', 'resolved']);
  });

  it.each([
    ['every four hours', 48],
    ['every eight hours', 96],
  ])(
    '%s is told as begun, as over and as back, under one id; then it is over a day later',
    async (_, period) => {
      const flapping = (bin: number) => (bin % period < 2 ? 60_000 : 300 + (bin % 7));
      const { run, runSchedule, email } = aStorm(24, flapping, 3);
      await run(START + 180);

      await runSchedule(START + 300, START + 25 * HOUR);
      expect(reasonsOf(email.messages)).toEqual(['opened', 'resolved', 'opened']);
      await runSchedule(START + 25 * HOUR, START + 52 * HOUR);

      const told = email.messages.flatMap((message) =>
        message.kind === 'incident' ? [message.notification] : [],
      );
      expect(told.map(({ reason }) => reason)).toEqual(['opened', 'resolved', 'opened', 'resolved']);
      expect(new Set(told.map(({ incident }) => incident.id)).size).toBe(1);
    },
  );
});

describe('the status', () => {
  const stored = async ({ ports }: ReturnType<typeof aStorm>) =>
    (await ports.incidents.loadOpen()).open[0]?.record.incident.tally;

  it('tells the excess of an open incident as the last run counted it, before any of its bins is final', async () => {
    const storm = aStorm(6);
    await storm.run(START + 180);

    const report = await storm.runSchedule(START + 300, START + HOUR + 900);

    const [told] = (await readStatus(storm.ports)).incidents;
    expect(told?.excessUsd).toBeGreaterThan(0.4);
    expect(told).toMatchObject({
      excessUsd: report?.incidents[0]?.excessUsd,
      excessAsOf: report?.asOf,
    });
    expect(await stored(storm)).toMatchObject({ excessUsd: 0 });
  });

  it('says of an incident that the last run did not name as of when its excess is', async () => {
    const storm = aStorm(6);
    await storm.run(START + 180);
    await storm.runSchedule(START + 300, START + 3 * HOUR);
    const last = await storm.ports.runs.lastReport();
    if (!last) throw new Error('no run is reported');

    await storm.ports.runs.saveReport({ ...last, incidents: [] });

    const [told] = (await readStatus(storm.ports)).incidents;
    const tally = await stored(storm);
    expect(tally?.excessUsd).toBeGreaterThan(1);
    expect(told).toMatchObject({
      excessUsd: tally?.excessUsd,
      excessAsOf: isoTime(binEnd(tally?.throughBin ?? 0)),
    });
    expect(Date.parse(last.asOf)).toBeGreaterThan(Date.parse(told?.excessAsOf ?? ''));
  });
});
