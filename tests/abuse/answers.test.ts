import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CloudWatchMetricSource } from '../../shared/adapters/aws/cloudwatch-metric-source.ts';
import { FixedClock } from '../../shared/adapters/memory/fixed-clock.ts';
import { MemoryLog } from '../../shared/adapters/memory/memory-log.ts';
import { pagerDutyOutcome } from '../../shared/adapters/pagerduty/pagerduty-outcome.ts';
import { SlackReceiver } from '../../shared/adapters/slack/slack-receiver.ts';
import { webhookOutcome } from '../../shared/adapters/slack/webhook-outcome.ts';
import type { SendOutcome } from '../../shared/app/ports.ts';
import { aMessage } from '../support/a-message.ts';
import { aKeyArn } from '../support/keys.ts';
import { CORPUS, expectUnpolluted, hostileJson, hostileText, INHERITED, RUNS, UNSEEN } from './hostile.ts';

/** Characters of a reason or proof that may be stored with an incident. */
const MAX_KEPT = 600;

function expectShort(outcome: SendOutcome): void {
  const texts = outcome.kind === 'sent' ? [outcome.proof, outcome.reference ?? ''] : [outcome.reason];
  for (const text of texts) {
    expect(text.length).toBeLessThan(MAX_KEPT);
    expect(text).not.toMatch(UNSEEN);
    expect(text).not.toContain('native code');
  }
}

/** Answers every request with whatever the test wants. */
let respond: (response: ServerResponse) => void;
let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    request.on('end', () => respond(response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const status = fc.constantFrom(200, 202, 204, 301, 400, 403, 404, 410, 413, 429, 500, 503);
const body = fc.oneof(
  hostileText,
  hostileJson.map((value) => JSON.stringify(value)),
  fc
    .dictionary(
      fc.constantFrom('ok', 'error', 'channel', 'ts', 'dedup_key', 'message', 'errors', '__proto__'),
      hostileJson,
    )
    .map((value) => JSON.stringify(value)),
  fc.tuple(hostileText, hostileText).map(([channel, ts]) => JSON.stringify({ ok: true, channel, ts })),
  hostileText.map((error) => JSON.stringify({ ok: false, error })),
);
const retryAfter = fc.option(fc.oneof(hostileText, fc.constantFrom('1e9', '-5', 'Infinity', 'NaN')));

describe('an answer of a receiver', () => {
  it('becomes an outcome whose words are short and visible', () => {
    const answer = fc.record({ kind: fc.constant('answer' as const), status, body, retryAfter });
    fc.assert(
      fc.property(answer, (one) => {
        for (const outcome of [webhookOutcome(one).outcome, pagerDutyOutcome(one, 'k'.repeat(32))]) {
          expectShort(outcome);
          if (outcome.kind === 'retry') expect(outcome.afterSeconds ?? 0).toBeLessThanOrEqual(3600);
        }
      }),
      RUNS,
    );
  });

  const bot = () =>
    new SlackReceiver({
      credentials: () => Promise.resolve({ kind: 'bot', botToken: 'xoxb-1', channel: 'C0123456789' }),
      apiUrl: url,
      timeoutMs: 1000,
    });

  it('of Slack\u2019s Web API does, too', async () => {
    const texts = [
      ...CORPUS.map((error) => JSON.stringify({ ok: false, error })),
      ...CORPUS.map((ts) => JSON.stringify({ ok: true, channel: 'C0123456789', ts })),
      JSON.stringify({ ok: true, channel: 'C'.repeat(100_000), ts: '1.1' }),
      '{"ok":true,"channel":"C1","ts":"1',
      '{"__proto__":{"ok":true},"channel":"C1"}',
      '[]',
      '',
    ];
    for (const text of texts) {
      respond = (response) => response.end(text);
      const outcome = await bot().send(aMessage());

      expect(outcome.kind).not.toBe('sent');
      expectShort(outcome);
    }
    expectUnpolluted();
  });

  it.each(INHERITED)('that calls its error %s gets no meaning from it', (word) => {
    const { outcome, isGone } = webhookOutcome({ kind: 'answer', status: 400, body: word, retryAfter: null });

    expect(isGone).toBe(false);
    expectShort(outcome);
  });

  it('that never ends is read no further than its start', async () => {
    let sent = 0;
    respond = (response) => {
      const more = setInterval(() => {
        sent += 65_536;
        if (response.destroyed) clearInterval(more);
        else response.write('x'.repeat(65_536));
      }, 1);
      response.on('close', () => clearInterval(more));
    };

    expect((await bot().send(aMessage())).kind).toBe('retry');
    expect(sent).toBeLessThan(20_000_000);
  });
});

describe('an answer of AWS', () => {
  const batch = {
    metrics: [{ kind: 'key', keyArn: aKeyArn(1), operation: 'Decrypt' }] as const,
    startBin: 5_880_000,
    endBin: 5_880_012,
  };
  const source = () =>
    new CloudWatchMetricSource(
      new CloudWatchClient({
        region: 'eu-central-1',
        endpoint: url,
        credentials: { accessKeyId: 'a', secretAccessKey: 's' },
        maxAttempts: 1,
      }),
      new FixedClock(1_764_000_000),
      new MemoryLog(),
    );
  const XML = '<GetMetricDataResponse><GetMetricDataResult><MetricDataResults><member><Id>m0</Id>';

  it.each([
    ['cut off XML', 'text/xml', XML],
    ['cut off JSON', 'application/x-amz-json-1.0', '{"MetricDataResults":[{"Id":"m0","Values":[1'],
    [
      'values of other types',
      'application/x-amz-json-1.0',
      '{"MetricDataResults":[{"Id":"m0","StatusCode":"Complete","Timestamps":["x",{}],"Values":["y",[]]}]}',
    ],
    ['a list that is none', 'application/x-amz-json-1.0', '{"MetricDataResults":7}'],
    [
      'a status that every object has',
      'application/x-amz-json-1.0',
      '{"MetricDataResults":[{"Id":"m0","StatusCode":"constructor"}]}',
    ],
    ['cut off CBOR', 'application/cbor', Buffer.from('a1714d65747269634461746152657375', 'hex')],
    ['CBOR of a huge length', 'application/cbor', Buffer.from('bb7fffffffffffffff', 'hex')],
    ['a page of a proxy', 'text/html', '<html>\u001b[31m'.repeat(1000)],
    ['nothing', 'application/cbor', ''],
  ])('with %s is a fault of its series, not of the run', async (_, type, text) => {
    respond = (response) => {
      response.setHeader('content-type', type);
      if (type === 'application/cbor') response.setHeader('smithy-protocol', 'rpc-v2-cbor');
      response.end(text);
    };

    const outcomes = await source().fetch(batch);

    expect(outcomes).toHaveLength(1);
    const [outcome] = outcomes;
    if (outcome?.kind === 'fault') expect(outcome.detail?.length ?? 0).toBeLessThan(2000);
    else
      expect([...(outcome?.values.values ?? [])].every((value) => Number.isNaN(value) || value >= 0)).toBe(
        true,
      );
    expectUnpolluted();
  });
});
