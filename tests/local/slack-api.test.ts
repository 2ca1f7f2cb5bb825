import { describe, expect, test } from 'vitest';
import { startForTest } from './clients.ts';

async function start() {
  const { aws } = await startForTest();
  const { apiUrl, botToken, channel } = aws.slackApi;
  const call = async (method: string, body: unknown, token: string | undefined = botToken) => {
    const answer = await fetch(`${apiUrl}/${method}`, {
      method: 'POST',
      headers: token === '' ? {} : { authorization: `Bearer ${token}` },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const { ok, error, ts } = (await answer.json()) as { ok: boolean; error?: string; ts?: string };
    return { status: answer.status, ok, error, ts, retryAfter: answer.headers.get('retry-after') };
  };
  return { aws, call, channel };
}

const header = (length: number) => [
  { type: 'header', text: { type: 'plain_text', text: 'x'.repeat(length) } },
];

describe('the embedded Web API of Slack', () => {
  test('posts, answers in a thread and edits', async () => {
    const { aws, call, channel } = await start();

    const { ts } = await call('chat.postMessage', { channel, text: 'one', blocks: header(150) });
    await call('chat.postMessage', { channel, text: 'two', thread_ts: ts, reply_broadcast: true });
    const edit = await call('chat.update', { channel, ts, text: 'three' });

    expect(edit).toMatchObject({ status: 200, ok: true, ts });
    expect([...aws.slackApi.messages.values()]).toMatchObject([
      // Blocks that an edit does not mention stay.
      { text: 'three', blocks: header(150), edits: 1, threadTs: undefined },
      { text: 'two', edits: 0, threadTs: ts, isBroadcast: true },
    ]);
    expect(aws.slackApi.calls.map(({ method }) => method)).toEqual([
      'chat.postMessage',
      'chat.postMessage',
      'chat.update',
    ]);
  });

  test.each([
    ['chat.postMessage', { channel: 'C0NOWHERE', text: 'x' }, 'channel_not_found'],
    ['chat.postMessage', { channel: 'C0FOREIGN', text: 'x' }, 'not_in_channel'],
    ['chat.postMessage', { channel: 'C0LOCAL0000' }, 'no_text'],
    ['chat.postMessage', { channel: 'C0LOCAL0000', blocks: header(151) }, 'invalid_blocks'],
    ['chat.postMessage', { channel: 'C0LOCAL0000', text: 'x'.repeat(40_001) }, 'msg_too_long'],
    ['chat.postMessage', { text: 'x' }, 'invalid_arguments'],
    ['chat.postMessage', '{', 'invalid_json'],
    ['chat.update', { channel: 'C0LOCAL0000', text: 'x' }, 'invalid_arguments'],
    ['chat.update', { channel: 'C0LOCAL0000', ts: '1.1', text: 'x' }, 'message_not_found'],
    ['chat.update', { channel: 'C0LOCAL0000', ts: '1.1', text: 'x'.repeat(4_001) }, 'msg_too_long'],
    ['chat.nothing', { channel: 'C0LOCAL0000', text: 'x' }, 'unknown_method'],
  ])('answers %s of %j with %s', async (method, body, error) => {
    const { aws, call } = await start();
    aws.slackApi.addChannel('C0FOREIGN', { member: false });

    expect(await call(method, body)).toMatchObject({ status: 200, ok: false, error });
    expect(aws.slackApi.messages.size).toBe(0);
  });

  test('knows its own token, until that is revoked', async () => {
    const { aws, call, channel } = await start();
    const message = { channel, text: 'x' };

    expect((await call('chat.postMessage', message, '')).error).toBe('not_authed');
    expect((await call('chat.postMessage', message, 'xoxb-x')).error).toBe('invalid_auth');
    aws.slackApi.revoke();
    expect((await call('chat.postMessage', message)).error).toBe('token_revoked');
  });

  test('takes one message a second and channel if asked to', async () => {
    const { aws, call, channel } = await start();
    aws.slackApi.limitRate = true;
    aws.slackApi.addChannel('C0OTHER', { member: true });

    const [first, second, other] = await Promise.all([
      call('chat.postMessage', { channel, text: '1' }),
      call('chat.postMessage', { channel, text: '2' }),
      call('chat.postMessage', { channel: 'C0OTHER', text: '3' }),
    ]);

    expect([first.status, second.status].toSorted()).toEqual([200, 429]);
    expect([first, second].find(({ ok }) => !ok)).toMatchObject({ error: 'ratelimited', retryAfter: '1' });
    expect(other.ok).toBe(true);
  });
});
