import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { installDetector } from '../../infra/local/install-detector.ts';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import { createWorld } from '../../infra/local/simulated-world.ts';
import { asText, at } from '../template/parse-template.ts';
import { resources } from '../template/the-template.ts';
import { type Invocation, MEMORY_MEGABYTES, type RunningFunction, startFunction } from './function.ts';

const NOON = Date.parse('2026-11-18T12:00:00Z') / 1000;

/** Lambda's limit for the answer of a synchronous invocation. */
const MOST_ANSWER_BYTES = 6 * 1024 * 1024;

/** Seconds: nobody is to wait the template's four minutes, and sending stops when less than a quarter is left. */
const SHORT = 25;

const INPUT = asText(at(resources, 'Detector', 'Properties', 'Events', 'Schedule', 'Properties', 'Input'));

/** The event as EventBridge Scheduler fills in the template's input. */
const scheduled = (at: number): string =>
  INPUT.replace('<aws.scheduler.scheduled-time>', new Date(at * 1000).toISOString().replace('.000', ''));

describe('the built function under Lambda’s runtime', () => {
  let aws: LocalAws;
  let detector: RunningFunction;
  const invocations: Invocation[] = [];

  const invoke = async (payload: string) => {
    const invocation = await detector.invoke(payload);
    invocations.push(invocation);
    return invocation.answer;
  };

  beforeAll(async () => {
    aws = await startLocalAws({ world: createWorld({ startsAt: NOON, keys: 8 }) });
    const { environment } = await installDetector(aws);
    detector = await startFunction({ environment });
  });

  afterAll(async () => {
    await detector.close();
    await aws.close();
  });

  it('starts cold for the schedule’s event, and checks every key', async () => {
    aws.clock.set(NOON + 180);

    const answer = await invoke(scheduled(NOON + 180));

    expect(answer).toMatchObject({ ok: true, action: 'check', report: { keys: 8 } });
    const told = aws.sns.messages.map(({ subject }) => subject?.split(' ')[0]);
    expect(told).toEqual(['WELCOME', 'READY']);
  });

  it('is warm for the next one: it reads no secret again', async () => {
    aws.clock.set(NOON + 480);

    expect(await invoke(scheduled(NOON + 480))).toMatchObject({ ok: true, action: 'check' });

    const secrets = aws.calls.filter(({ action }) => action === 'secretsmanager:GetSecretValue');
    expect(secrets).toHaveLength(1);
  });

  it.each(['{}', '{"action":"status"}', '{"action":"top","last":"PT3H"}', '{"action":"test-alert"}'])(
    'answers %s by hand',
    async (payload) => {
      expect(await invoke(payload)).toMatchObject({ ok: true });
    },
  );

  it.each([
    ['an unknown action', '{"action":"chekc"}', 'action'],
    ['a list', '[]', ''],
    ['no object', 'null', ''],
  ])('refuses %s and says which field', async (_, payload, path) => {
    expect(await invoke(payload)).toMatchObject({
      ok: false,
      error: { code: 'InvalidRequest', problems: [{ path }] },
    });
  });

  it('answers within what Lambda hands on, and stays within its memory', () => {
    expect(Math.max(...invocations.map(({ bytes }) => bytes))).toBeLessThan(MOST_ANSWER_BYTES / 10);
    expect(detector.peakMegabytes()).toBeGreaterThan(10);
    expect(detector.peakMegabytes()).toBeLessThan(MEMORY_MEGABYTES / 2);
  });

  it('writes nothing but JSON: log lines that name their invocation, and metrics', () => {
    const lines = detector.log().map((line) => JSON.parse(line) as Record<string, unknown>);
    const metrics = lines.filter((line) => '_aws' in line);
    const entries = lines.filter((line) => !('_aws' in line));

    expect(metrics).toEqual([
      expect.objectContaining({ Heartbeat: 1 }),
      expect.objectContaining({ Heartbeat: 1 }),
    ]);
    const named = new Set(entries.map((entry) => entry['function_request_id'] ?? entry['requestId']));
    expect([...named]).toEqual(invocations.map(({ requestId }) => requestId));
    expect(entries.find((entry) => 'cold_start' in entry)).toMatchObject({ cold_start: true });
    expect(entries.every(({ level }) => typeof level === 'string')).toBe(true);
  });
});

describe('a check that Lambda ends in the middle', () => {
  it('is made good by the next one: the message arrives, once', async () => {
    const runaway = { keyAlias: 'alias/lake-etl', operation: 'Decrypt', from: NOON + 600, to: NOON + 7200 };
    const world = createWorld({
      startsAt: NOON,
      keys: 2,
      runaways: [{ ...runaway, kind: 'retryStorm', requestsPerSecond: 2000 }],
    });
    const aws = await startLocalAws({ world });
    const { environment } = await installDetector(aws);
    const answers: unknown[] = [];
    const checkAt = async (detector: RunningFunction, minutes: number) => {
      aws.clock.set(NOON + minutes * 60);
      answers.push((await detector.invoke(scheduled(NOON + minutes * 60))).answer);
    };
    onTestFinished(() => aws.close());
    const learning = await startFunction({ environment });
    onTestFinished(() => learning.close());
    for (const minutes of [3, 8]) await checkAt(learning, minutes);
    const detector = await startFunction({ environment, timeoutSeconds: SHORT });
    onTestFinished(() => detector.close());

    // Never answered, and of no effect, however often the client tries: the very message about the key.
    aws.faults.add({
      service: 'sns',
      action: 'Publish',
      match: ({ input }) => JSON.stringify(input).includes('lake-etl'),
      error: 'timeout',
      times: 'always',
    });
    for (const minutes of [13, 18]) await checkAt(detector, minutes);
    aws.faults.clear();
    for (const minutes of [23, 28, 33]) await checkAt(detector, minutes);

    const ended = answers.filter((answer) => typeof answer === 'string');
    expect(ended, JSON.stringify(answers)).toEqual([`Task timed out after ${SHORT}.00 seconds`]);
    const about = aws.sns.messages.filter(({ subject }) => subject?.includes('lake-etl'));
    expect(about.map(({ subject }) => subject?.split(' ')[0])).toEqual(['NOTICE', 'PAGE']);
    expect(answers.at(-1)).toMatchObject({ ok: true });
  }, 180_000);
});
