import { describe, expect, test } from 'vitest';
import { startForTest } from './clients.ts';

async function start() {
  const { aws } = await startForTest();
  const { url, routingKey } = aws.pagerduty;
  const post = async (body: unknown) => {
    const answer = await fetch(url, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const payload = { summary: 'too much', source: 'a key', severity: 'critical' };
  const event = (action: string, more: object = {}) => ({
    routing_key: routingKey,
    event_action: action,
    dedup_key: 'kms-1',
    ...(action === 'trigger' ? { payload } : {}),
    ...more,
  });
  return { aws, post, event, payload };
}

describe('the embedded PagerDuty', () => {
  test('follows an alert by its dedup_key', async () => {
    const { aws, post, event } = await start();

    const states = [];
    for (const action of ['trigger', 'acknowledge', 'trigger', 'resolve', 'acknowledge', 'trigger']) {
      expect(await post(event(action))).toEqual({
        status: 202,
        body: { status: 'success', message: 'Event processed', dedup_key: 'kms-1' },
      });
      states.push(aws.pagerduty.alerts.get('kms-1'));
    }

    expect(states).toEqual([
      'triggered',
      'acknowledged',
      'acknowledged',
      'resolved',
      'resolved',
      'triggered',
    ]);
    expect(aws.pagerduty.inbox).toHaveLength(6);
    expect(JSON.stringify(aws.pagerduty.inbox)).not.toContain(aws.pagerduty.routingKey);
  });

  test('knows nothing of an alert that was never triggered', async () => {
    const { aws, post, event } = await start();

    expect((await post(event('resolve'))).status).toBe(202);
    expect(aws.pagerduty.alerts.size).toBe(0);
  });

  test('gives a dedup_key to an alert that has none', async () => {
    const { post, event } = await start();

    const { body } = await post(event('trigger', { dedup_key: undefined }));

    expect(body['dedup_key']).toMatch(/^generated-/);
  });

  test.each([
    ['no JSON', () => 'hello', 'JSON cannot be parsed'],
    ['no action', (e: object) => ({ ...e, event_action: undefined }), 'event_action'],
    ['an unknown action', (e: object) => ({ ...e, event_action: 'close' }), 'event_action'],
    ['a short key', (e: object) => ({ ...e, routing_key: 'x' }), 'routing_key'],
    ["somebody else's key", (e: object) => ({ ...e, routing_key: 'x'.repeat(32) }), 'Invalid routing key'],
    ['no payload', (e: object) => ({ ...e, payload: undefined }), 'payload'],
    ['a long dedup_key', (e: object) => ({ ...e, dedup_key: 'x'.repeat(256) }), 'dedup_key'],
  ])('refuses %s with errors', async (_, change, error) => {
    const { aws, post, event } = await start();

    const { status, body } = await post(change(event('trigger')));

    expect({ status, body }).toMatchObject({ status: 400, body: { status: 'invalid event' } });
    expect(JSON.stringify(body['errors'])).toContain(error);
    expect(aws.pagerduty.inbox).toEqual([]);
  });

  test.each([
    ['summary', 'x'.repeat(1025)],
    ['summary', ''],
    ['severity', 'page'],
    ['timestamp', 'yesterday'],
  ])('refuses a payload whose %s does not fit', async (name, value) => {
    const { post, event, payload } = await start();

    expect((await post(event('trigger', { payload: { ...payload, [name]: value } }))).status).toBe(400);
  });

  test('refuses more than 512 KB', async () => {
    const { post, event, payload } = await start();
    const custom_details = { text: 'x'.repeat(512 * 1024) };

    expect((await post(event('trigger', { payload: { ...payload, custom_details } }))).status).toBe(413);
  });

  test('limits the rate if asked to, and refuses the key once the integration is removed', async () => {
    const { aws, post, event } = await start();
    aws.pagerduty.limitRate = true;

    const statuses = [];
    for (let i = 0; i < 121; i++) statuses.push((await post(event('trigger'))).status);
    aws.pagerduty.limitRate = false;
    aws.pagerduty.revoke();

    expect(statuses.filter((status) => status === 202)).toHaveLength(120);
    expect(statuses.at(-1)).toBe(429);
    expect((await post(event('trigger'))).status).toBe(400);
    aws.pagerduty.restore();
    expect((await post(event('trigger'))).status).toBe(202);
  });
});
