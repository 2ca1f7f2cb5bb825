import { expect, it, onTestFinished } from 'vitest';
import { installDetector, installReceivers } from '../../infra/local/install-detector.ts';
import { startLocalAws } from '../../infra/local/server.ts';
import { startFunction } from './function.ts';

const PLANTED = 'PLANTED0000SECRET0000PLANTED0000';

/** Nobody answers there: what a receiver says of that is logged. */
const NOBODY = 'http://127.0.0.1:9';

/** Secrets as somebody may have stored them, the planted text in each. */
const STORED = {
  'a webhook and a key that work': {
    slack: JSON.stringify({ webhookUrl: `${NOBODY}/services/T0/B0/${PLANTED}` }),
    pagerduty: PLANTED,
  },
  'a bot and a key in JSON': {
    slack: JSON.stringify({ botToken: `xoxb-${PLANTED}`, channel: 'C0' }),
    pagerduty: JSON.stringify({ routingKey: PLANTED }),
  },
  'JSON with unknown fields': {
    slack: JSON.stringify({ webHook: PLANTED }),
    pagerduty: JSON.stringify({ key: PLANTED }),
  },
  'broken JSON': { slack: `{"webhookUrl":"${PLANTED}`, pagerduty: `{"routingKey":"${PLANTED}` },
} as const;

it.each(Object.entries(STORED))('never writes a secret: %s', async (_, { slack, pagerduty }) => {
  const aws = await startLocalAws();
  onTestFinished(() => aws.close());
  const environment: Readonly<Record<string, string>> = {
    ...(await installDetector(aws)).environment,
    ...installReceivers(aws),
    SLACK_WEBHOOK_SECRET_ARN: aws.secrets.put('planted-slack', slack),
    PAGERDUTY_SECRET_ARN: aws.secrets.put('planted-pagerduty', pagerduty),
    SLACK_API_URL: `${NOBODY}/api`,
    PAGERDUTY_URL: `${NOBODY}/v2/enqueue`,
    POWERTOOLS_LOG_LEVEL: 'DEBUG',
  };
  const detector = await startFunction({ environment });
  onTestFinished(() => detector.close());

  const { answer } = await detector.invoke('{"action":"test-alert"}');
  const status = await detector.invoke('{"action":"status"}');

  const written = [JSON.stringify(answer), JSON.stringify(status.answer), ...detector.log()].join('\n');
  expect(aws.calls.filter(({ action }) => action === 'secretsmanager:GetSecretValue').length).toBeGreaterThan(
    0,
  );
  expect(written).toMatch(/pagerduty/);
  expect(written).toContain('answered');
  expect(written).not.toContain(PLANTED);
  expect(written).not.toContain(PLANTED.slice(0, 16));
  expect(written).not.toContain(environment['AWS_SECRET_ACCESS_KEY']);
});
