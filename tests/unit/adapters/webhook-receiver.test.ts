import { afterEach, describe, expect, it } from 'vitest';
import { SecretUnavailableError } from '../../../shared/adapters/secret-unavailable-error.ts';
import { SlackReceiver } from '../../../shared/adapters/slack/slack-receiver.ts';
import type { SendOutcome } from '../../../shared/app/ports.ts';
import { renderSlack, renderSlackText } from '../../../shared/render/slack.ts';
import { type Answer, type Double, startDouble } from '../../contract/receiver-doubles.ts';
import { aMessage } from '../../support/a-message.ts';

const SECRET = '/services/T0SECRET/B0SECRET/sEcReTtOkEn';

const receiverFor = (
  webhookUrl: () => Promise<string>,
  onRefused = () => {},
  timeoutMs = 10_000,
): SlackReceiver =>
  new SlackReceiver({
    credentials: async () => ({ kind: 'webhook', webhookUrl: await webhookUrl() }),
    onRefused,
    timeoutMs,
  });

describe('SlackReceiver with a webhook', () => {
  let double: Double | undefined;

  afterEach(async () => {
    await double?.close();
    double = undefined;
  });

  /** Sends a message to a double that gives these answers in turn, the last one for ever. */
  async function sendTo(...answers: Answer[]): Promise<SendOutcome> {
    const queue = [...answers];
    double = await startDouble(() => (queue.length > 1 ? queue.shift() : queue[0]) ?? 'hangUp');
    const url = double.url + SECRET;
    const timeoutMs = answers.includes('silence') ? 200 : 10_000;
    return receiverFor(() => Promise.resolve(url), undefined, timeoutMs).send(aMessage());
  }

  it('posts text and blocks', async () => {
    const outcome = await sendTo({ status: 200, body: 'ok' });

    expect(outcome).toEqual({ kind: 'sent', proof: 'Slack answered ok' });
    expect(double?.requests.map((body) => JSON.parse(body) as unknown)).toEqual([renderSlack(aMessage())]);
  });

  it.each<[string, Answer, SendOutcome]>([
    [
      '429 with a time to wait',
      { status: 429, body: 'rate_limited', headers: { 'retry-after': '30' } },
      { kind: 'retry', reason: 'Slack asks to wait (429)', afterSeconds: 30 },
    ],
    ['429 without', { status: 429, body: '' }, { kind: 'retry', reason: 'Slack asks to wait (429)' }],
    [
      'an absurd time to wait',
      { status: 429, body: '', headers: { 'retry-after': '999999' } },
      { kind: 'retry', reason: 'Slack asks to wait (429)', afterSeconds: 3600 },
    ],
    [
      'a time to wait that is no number',
      { status: 429, body: '', headers: { 'retry-after': 'Wed, 25 Nov 2026 02:00:00 GMT' } },
      { kind: 'retry', reason: 'Slack asks to wait (429)' },
    ],
    [
      'a failure of Slack',
      { status: 500, body: 'rollup_error' },
      { kind: 'retry', reason: 'Slack failed (500)' },
    ],
    [
      'maintenance',
      { status: 503, body: '<html>', headers: { 'retry-after': '120' } },
      { kind: 'retry', reason: 'Slack failed (503)', afterSeconds: 120 },
    ],
    [
      'a cut connection',
      'hangUp',
      { kind: 'retry', reason: expect.stringMatching(/^Slack could not be reached \(\w+\)$/) as string },
    ],
    ['silence', 'silence', { kind: 'retry', reason: 'Slack could not be reached (TimeoutError)' }],
    [
      '200 from something that is no webhook',
      { status: 200, body: '<html>Sign in</html>' },
      { kind: 'retry', reason: 'Slack answered 200, but not ok: an answer that is not from a webhook' },
    ],
  ])('asks for another try after %s', async (_, answer, outcome) => {
    expect(await sendTo(answer)).toEqual(outcome);
  });

  it.each<[number, string, RegExp]>([
    [404, 'no_service', /^Slack refuses \(404 no_service\): the webhook has been removed/],
    [403, 'invalid_token', /the webhook has been revoked/],
    [403, 'action_prohibited', /an administrator of the workspace forbids/],
    [404, 'channel_not_found', /the channel of the webhook does not exist/],
    [410, 'channel_is_archived', /the channel of the webhook has been archived/],
    [400, 'no_text', /^Slack refuses \(400 no_text\)$/],
    [302, '', /^Slack refuses \(302 an answer that is not from a webhook\)$/],
  ])('takes %d %s for a refusal', async (status, body, reason) => {
    expect(await sendTo({ status, body, headers: { location: 'http://127.0.0.1:9/' } })).toEqual({
      kind: 'refused',
      reason: expect.stringMatching(reason),
    });
    expect(double?.requests).toHaveLength(1);
  });

  it.each(['invalid_blocks', 'invalid_payload', 'msg_blocks_too_long'])(
    'sends the message without blocks if Slack objects to them: %s',
    async (body) => {
      const outcome = await sendTo({ status: 400, body }, { status: 200, body: 'ok' });

      expect(outcome.kind).toBe('sent');
      expect(double?.requests.map((request) => JSON.parse(request) as unknown)).toEqual([
        renderSlack(aMessage()),
        renderSlackText(aMessage()),
      ]);
    },
  );

  it('does so once only', async () => {
    const outcome = await sendTo({ status: 400, body: 'invalid_payload' });

    expect(outcome).toEqual({ kind: 'refused', reason: 'Slack refuses (400 invalid_payload)' });
    expect(double?.requests).toHaveLength(2);
  });

  it('reads the start of a long answer only', async () => {
    expect(await sendTo({ status: 404, body: 'x'.repeat(5_000_000) })).toMatchObject({ kind: 'refused' });
  });

  it('never repeats the address, not even one that is echoed', async () => {
    const outcomes = [
      await sendTo({ status: 404, body: `no such webhook ${SECRET}` }),
      await sendTo({ status: 200, body: SECRET }),
      await sendTo('hangUp'),
      await receiverFor(() => Promise.resolve(`no-url${SECRET}`)).send(aMessage()),
      await receiverFor(() => Promise.reject(new Error(SECRET))).send(aMessage()),
      await receiverFor(() => Promise.resolve(`http://127.0.0.1:1${SECRET}`)).send(aMessage()),
    ];

    for (const outcome of outcomes) {
      expect(outcome.kind).not.toBe('sent');
      expect(JSON.stringify(outcome)).not.toMatch(/SECRET|sEcReT/);
    }
  });

  it('says why the address cannot be read, and asks for another try', async () => {
    const webhookUrl = () => Promise.reject(new SecretUnavailableError('the secret has no SecretString'));

    expect(await receiverFor(webhookUrl).send(aMessage())).toEqual({
      kind: 'retry',
      reason: 'the credential for Slack cannot be read: the secret has no SecretString',
    });
  });

  it('asks for a fresh address if the webhook is gone, and sends there at once', async () => {
    const urls = ['/old', '/new'];
    let forgotten = 0;
    const served = await startDouble(() =>
      forgotten === 0 ? { status: 404, body: 'no_service' } : { status: 200, body: 'ok' },
    );
    double = served;
    const receiver = receiverFor(
      () => Promise.resolve(served.url + urls[forgotten]),
      () => {
        forgotten++;
      },
    );

    expect(await receiver.send(aMessage())).toMatchObject({ kind: 'sent' });
    expect(forgotten).toBe(1);
  });

  it('does not repeat a refusal at the same address', async () => {
    await sendTo({ status: 404, body: 'no_service' });

    expect(double?.requests).toHaveLength(1);
  });
});
