import { afterEach, describe, expect, it } from 'vitest';
import { PagerDutyReceiver } from '../../../shared/adapters/pagerduty/pagerduty-receiver.ts';
import { SecretUnavailableError } from '../../../shared/adapters/secret-unavailable-error.ts';
import type { SendOutcome } from '../../../shared/app/ports.ts';
import { type Answer, type Double, startDouble } from '../../contract/receiver-doubles.ts';
import { aDrill, aGroup, aMessage, aResolvedMessage } from '../../support/a-message.ts';

const KEY = '5eC4e70123456789abcdef0123456789';

const accepted = (dedupKey: string): Answer => ({
  status: 202,
  body: JSON.stringify({ status: 'success', message: 'Event processed', dedup_key: dedupKey }),
});
const refused = (...errors: string[]): Answer => ({
  status: 400,
  body: JSON.stringify({ status: 'invalid event', message: 'Event object is invalid', errors }),
});

describe('PagerDutyReceiver', () => {
  let double: Double | undefined;

  afterEach(async () => {
    await double?.close();
    double = undefined;
  });

  /** A receiver for a double that gives these answers in turn, the last one for ever. */
  async function receiverFor(...answers: Answer[]): Promise<PagerDutyReceiver> {
    const queue = [...answers];
    double = await startDouble(() => (queue.length > 1 ? queue.shift() : queue[0]) ?? 'hangUp');
    const timeoutMs = answers.includes('silence') ? 200 : 10_000;
    return new PagerDutyReceiver({ routingKey: () => Promise.resolve(KEY), url: double.url, timeoutMs });
  }

  const posted = () => double?.requests.map((body) => JSON.parse(body) as Record<string, unknown>) ?? [];
  const actions = () => posted().map((event) => [event['event_action'], event['dedup_key']]);

  it('hears of pages, each incident by itself', async () => {
    expect(await receiverFor('hangUp')).toMatchObject({
      name: 'pagerduty',
      severities: ['page'],
      groups: false,
    });
  });

  it('tells all of an incident under one dedup_key, and resolves it', async () => {
    const receiver = await receiverFor(accepted('x'));

    for (const reason of ['opened', 'escalated', 'updated', 'reminder'] as const) {
      await receiver.send(aMessage({ reason }));
    }
    await receiver.send(aResolvedMessage());

    const { id } = aMessage().notification.incident;
    expect(actions()).toEqual([
      ...Array.from({ length: 4 }, () => ['trigger', id]),
      ['resolve', aResolvedMessage().notification.incident.id],
    ]);
    expect(id).toBe(aResolvedMessage().notification.incident.id);
    expect(posted().every((event) => event['routing_key'] === KEY)).toBe(true);
  });

  it('triggers a drill and resolves it again, under a key of its own', async () => {
    const { id } = aDrill();
    const receiver = await receiverFor(accepted(id));

    const outcome = await receiver.send(aDrill());

    expect(outcome).toEqual({ kind: 'sent', proof: `dedup_key ${id}` });
    expect(actions()).toEqual([
      ['trigger', id],
      ['resolve', id],
    ]);
  });

  it('stops at the first event of several that does not arrive', async () => {
    const receiver = await receiverFor(accepted('a'), { status: 503, body: '' });

    expect(await receiver.send(aGroup(3))).toEqual({ kind: 'retry', reason: 'PagerDuty failed (503)' });
    expect(posted()).toHaveLength(2);
  });

  it.each<[string, Answer, SendOutcome]>([
    [
      '429 with a time to wait',
      { status: 429, body: '', headers: { 'retry-after': '30' } },
      { kind: 'retry', reason: 'PagerDuty asks to wait (429)', afterSeconds: 30 },
    ],
    ['429 without', { status: 429, body: '' }, { kind: 'retry', reason: 'PagerDuty asks to wait (429)' }],
    ['a failure', { status: 500, body: '' }, { kind: 'retry', reason: 'PagerDuty failed (500)' }],
    [
      '202 from something else',
      { status: 202, body: 'ok' },
      { kind: 'retry', reason: 'something answered 202 that is not PagerDuty' },
    ],
    [
      '200 from something else',
      { status: 200, body: '<html>' },
      { kind: 'retry', reason: 'PagerDuty answered 200, not 202' },
    ],
    [
      'a cut connection',
      'hangUp',
      { kind: 'retry', reason: expect.stringMatching(/^PagerDuty could not be reached \(\w+\)$/) as string },
    ],
    ['silence', 'silence', { kind: 'retry', reason: 'PagerDuty could not be reached (TimeoutError)' }],
  ])('asks for another try after %s', async (_, answer, outcome) => {
    const receiver = await receiverFor(answer);

    expect(await receiver.send(aMessage())).toEqual(outcome);
  });

  it.each<[string, Answer, string]>([
    [
      "PagerDuty's errors",
      refused("'payload.summary' is missing or blank", 'x'),
      "PagerDuty refuses (400): 'payload.summary' is missing or blank; x",
    ],
    ['no errors', { status: 400, body: '{"message":"Bad"}' }, 'PagerDuty refuses (400): Bad'],
    ['the key', refused(`no integration ${KEY}`), 'PagerDuty refuses (400): no integration (hidden)'],
    ['a page of a proxy', { status: 403, body: `<html>${KEY}` }, 'PagerDuty refuses (403)'],
  ])('says why an event is refused: %s', async (_, answer, reason) => {
    const receiver = await receiverFor(answer);

    expect(await receiver.send(aMessage())).toEqual({ kind: 'refused', reason });
    expect(posted()).toHaveLength(1);
  });

  it('asks for a fresh key after a refusal, and sends with it at once', async () => {
    double = await startDouble((body) =>
      body.includes(KEY) ? refused('Invalid routing key') : accepted('fresh'),
    );
    const keys = [KEY, KEY.replace('5', '6')];
    const receiver = new PagerDutyReceiver({
      url: double.url,
      routingKey: () => Promise.resolve(keys[0] ?? ''),
      onRefused: () => keys.shift(),
    });

    expect(await receiver.send(aMessage())).toEqual({ kind: 'sent', proof: 'dedup_key fresh' });
  });

  it.each([
    [new SecretUnavailableError('the secret has no SecretString'), 'the secret has no SecretString'],
    [new Error(KEY), 'unexpected error'],
  ])('says why the key cannot be read, and asks for another try', async (error, reason) => {
    const receiver = new PagerDutyReceiver({ routingKey: () => Promise.reject(error) });

    expect(await receiver.send(aMessage())).toEqual({
      kind: 'retry',
      reason: `PagerDuty's integration key cannot be read: ${reason}`,
    });
  });
});
