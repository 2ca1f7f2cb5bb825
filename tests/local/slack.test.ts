import { describe, expect, test } from 'vitest';
import { startForTest } from './clients.ts';

async function start() {
  const { aws } = await startForTest();
  const post = async (body: unknown, init: RequestInit = {}) => {
    const answer = await fetch(aws.slack.webhookUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...init,
    });
    return {
      status: answer.status,
      text: await answer.text(),
      retryAfter: answer.headers.get('retry-after'),
    };
  };
  return { aws, post };
}

const mrkdwn = (length: number) => ({ type: 'mrkdwn', text: 'x'.repeat(length) });
const section = (length: number) => ({ type: 'section', text: mrkdwn(length) });
const header = (length: number) => ({
  type: 'header',
  text: { type: 'plain_text', text: 'x'.repeat(length) },
});

describe('the incoming webhook', () => {
  test('answers a plain ok and keeps the message', async () => {
    const { aws, post } = await start();
    const blocks = [
      header(150),
      section(3_000),
      { type: 'divider' },
      { type: 'context', elements: [mrkdwn(2_000)] },
    ];

    const answer = await post({ text: 'hello', blocks });

    expect(answer).toMatchObject({ status: 200, text: 'ok' });
    expect(aws.slack.inbox).toMatchObject([{ text: 'hello', blocks }]);
  });

  test('takes a form with a payload, too', async () => {
    const { post } = await start();

    const answer = await post(new URLSearchParams({ payload: '{"text":"hello"}' }).toString(), {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });

    expect(answer.text).toBe('ok');
  });

  test.each([
    ['no JSON', 'hello', 'invalid_payload'],
    ['a list', [], 'invalid_payload'],
    ['nothing to say', {}, 'no_text'],
    ['an empty text', { text: '' }, 'no_text'],
    ['blocks that are no list', { blocks: 'x' }, 'invalid_blocks'],
    ['a header of 151 characters', { blocks: [header(151)] }, 'invalid_blocks'],
    ['a header in mrkdwn', { blocks: [{ type: 'header', text: mrkdwn(3) }] }, 'invalid_blocks'],
    ['a section of 3,001 characters', { blocks: [section(3_001)] }, 'invalid_blocks'],
    ['an empty section', { blocks: [section(0)] }, 'invalid_blocks'],
    ['a section without text and fields', { blocks: [{ type: 'section' }] }, 'invalid_blocks'],
    ['11 fields', { blocks: [{ type: 'section', fields: Array(11).fill(mrkdwn(1)) }] }, 'invalid_blocks'],
    [
      'a field of 2,001 characters',
      { blocks: [{ type: 'section', fields: [mrkdwn(2_001)] }] },
      'invalid_blocks',
    ],
    ['51 blocks', { blocks: Array(51).fill(section(1)) }, 'invalid_blocks'],
    [
      '11 elements of context',
      { blocks: [{ type: 'context', elements: Array(11).fill(mrkdwn(1)) }] },
      'invalid_blocks',
    ],
    [
      '26 actions',
      { blocks: [{ type: 'actions', elements: Array(26).fill({ type: 'button' }) }] },
      'invalid_blocks',
    ],
    ['an image without alt_text', { blocks: [{ type: 'image', image_url: 'https://x' }] }, 'invalid_blocks'],
    ['an unknown block', { blocks: [{ type: 'poem' }] }, 'invalid_blocks'],
    [
      'a block_id of 256 characters',
      { blocks: [{ ...section(1), block_id: 'x'.repeat(256) }] },
      'invalid_blocks',
    ],
  ])('refuses %s', async (_, body, expected) => {
    const { aws, post } = await start();

    const answer = await post(body);

    expect(answer).toMatchObject({ status: 400, text: expected });
    expect(aws.slack.inbox).toEqual([]);
  });

  test('asks to wait after one message a second', async () => {
    const { aws, post } = await start();
    aws.slack.limitRate = true;

    const answers = [await post({ text: '1' }), await post({ text: '2' })];

    expect(answers.map(({ status }) => status)).toEqual([200, 429]);
    expect(answers[1]?.retryAfter).toBe('1');
  });

  test('is gone after it was revoked, and back after it was restored', async () => {
    const { aws, post } = await start();

    aws.slack.revoke();
    expect(await post({ text: 'hello' })).toMatchObject({ status: 404, text: 'no_service' });
    aws.slack.restore();
    expect(await post({ text: 'hello' })).toMatchObject({ status: 200 });
  });

  test('knows its own token only', async () => {
    const { aws } = await start();

    const answer = await fetch(`${aws.slack.webhookUrl}x`, { method: 'POST', body: '{"text":"hello"}' });

    expect([answer.status, await answer.text()]).toEqual([403, 'invalid_token']);
  });

  test('meets faults like every service', async () => {
    const { aws, post } = await start();
    aws.faults.add({ service: 'slack', error: 'Throttling' });
    aws.faults.add({ service: 'slack', error: { code: 'channel_is_archived', status: 410 } });

    expect(await post({ text: 'hello' })).toMatchObject({ status: 429, retryAfter: '1' });
    expect(await post({ text: 'hello' })).toMatchObject({ status: 410, text: 'channel_is_archived' });
    expect(aws.calls.map(({ action }) => action)).toEqual(['slack:PostMessage', 'slack:PostMessage']);
  });
});
