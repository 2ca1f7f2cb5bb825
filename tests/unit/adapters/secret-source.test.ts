import {
  GetSecretValueCommand,
  SecretsManagerClient,
  SecretsManagerServiceException,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { SecretSource } from '../../../shared/adapters/aws/secret-source.ts';
import { parseRoutingKey } from '../../../shared/adapters/pagerduty/routing-key.ts';
import { SecretUnavailableError } from '../../../shared/adapters/secret-unavailable-error.ts';
import { parseSlackSecret, type SlackCredentials } from '../../../shared/adapters/slack/slack-secret.ts';

const ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:slack-AbCdEf';
const URL_ = 'https://hooks.slack.com/services/T0/B0/sEcReTtOkEn';
const client = new SecretsManagerClient({ region: 'eu-central-1' });
const secrets = mockClient(client);

const holds = (SecretString?: string): void => {
  secrets.on(GetSecretValueCommand).resolves(SecretString === undefined ? {} : { SecretString });
};

describe('SecretSource', () => {
  let nowMs: number;
  let source: SecretSource<SlackCredentials>;

  beforeEach(() => {
    secrets.reset();
    nowMs = 0;
    source = new SecretSource(client, ARN, parseSlackSecret, () => nowMs);
  });

  it.each([
    ['the URL itself', URL_],
    ['the URL with space around it', `\n ${URL_} \n`],
    ['JSON with the URL', JSON.stringify({ webhookUrl: URL_, channel: '#alerts' })],
    ['JSON with space around it', ` ${JSON.stringify({ webhookUrl: ` ${URL_} ` })}\n`],
  ])('reads %s', async (_, value) => {
    holds(value);

    expect(await source.read()).toEqual({ kind: 'webhook', webhookUrl: URL_ });
    expect(secrets.commandCalls(GetSecretValueCommand)[0]?.args[0].input).toEqual({ SecretId: ARN });
  });

  it('reads once for the life of the container, even if asked twice at the same time', async () => {
    holds(URL_);

    await Promise.all([source.read(), source.read()]);
    nowMs = 86_400_000;
    await source.read();

    expect(secrets.commandCalls(GetSecretValueCommand)).toHaveLength(1);
  });

  it('reads again after a refusal, every few minutes at most', async () => {
    holds(URL_);
    await source.read();
    holds(`${URL_}2`);

    nowMs = 60_000;
    source.forget();
    expect(await source.read()).toEqual({ kind: 'webhook', webhookUrl: URL_ });

    nowMs = 180_000;
    source.forget();
    expect(await source.read()).toEqual({ kind: 'webhook', webhookUrl: `${URL_}2` });
    expect(secrets.commandCalls(GetSecretValueCommand)).toHaveLength(2);
  });

  it('accepts http to this machine only', async () => {
    holds('http://127.0.0.1:4566/slack/services/T0/B0/x');

    expect(await source.read()).toEqual({
      kind: 'webhook',
      webhookUrl: 'http://127.0.0.1:4566/slack/services/T0/B0/x',
    });
  });

  it.each([
    ['no value', undefined, `the secret ${ARN} has no SecretString`],
    ['no address', 'sEcReTtOkEn', 'the secret holds no https address'],
    ['http to elsewhere', URL_.replace('https', 'http'), 'the secret holds no https address'],
    ['broken JSON', `{"webhookUrl": "${URL_}`, 'the secret looks like JSON, but cannot be parsed'],
    [
      'JSON without the URL',
      JSON.stringify({ url: URL_ }),
      'the JSON in the secret has no text "webhookUrl"',
    ],
    [
      'JSON with something else',
      JSON.stringify({ webhookUrl: { url: URL_ } }),
      'the JSON in the secret has no text "webhookUrl"',
    ],
  ])('says what is wrong with a secret that holds %s, and not what it holds', async (_, value, reason) => {
    holds(value);

    const error: unknown = await source.read().catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(SecretUnavailableError);
    expect((error as Error).message).toContain(reason);
    expect((error as Error).message).not.toMatch(/sEcReT/);
  });

  it.each([
    ['AccessDeniedException', /lacks secretsmanager:GetSecretValue, or kms:Decrypt/],
    ['ResourceNotFoundException', /does not exist/],
    ['ThrottlingException', /did not give the secret/],
  ])('says what to mend after %s, and reads again next time', async (name, reason) => {
    secrets
      .on(GetSecretValueCommand)
      .rejectsOnce(
        new SecretsManagerServiceException({ name, message: URL_, $fault: 'client', $metadata: {} }),
      )
      .resolves({ SecretString: URL_ });

    const error: unknown = await source.read().catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(SecretUnavailableError);
    expect((error as Error).message).toMatch(reason);
    expect((error as Error).message).not.toMatch(/sEcReT/);
    expect(await source.read()).toEqual({ kind: 'webhook', webhookUrl: URL_ });
  });
});

describe('a secret for Slack', () => {
  it('may hold a bot token and a channel instead of a webhook', () => {
    expect(parseSlackSecret('{"botToken":" xoxb-1-2-sEcReT","channel":"C0123456789"}')).toEqual({
      kind: 'bot',
      botToken: 'xoxb-1-2-sEcReT',
      channel: 'C0123456789',
    });
  });

  it.each([
    ['{"botToken":"xoxb-1-sEcReT"}', 'no text "channel"'],
    ['{"botToken":"xoxb-1-sEcReT","channel":"#alerts"}', 'no id of a channel'],
    ['{"botToken":"xoxp-1-sEcReT","channel":"C0123456789"}', 'begins with xoxb-'],
    ['{"botToken":7,"channel":"C0123456789"}', 'no text "botToken"'],
  ])('is refused with a reason: %s', (text, reason) => {
    expect(() => parseSlackSecret(text)).toThrow(SecretUnavailableError);
    expect(() => parseSlackSecret(text)).toThrow(reason);
    expect(() => parseSlackSecret(text)).not.toThrow(/sEcReT/);
  });
});

describe('a secret for PagerDuty', () => {
  const KEY = '0123456789abcdef0123456789ABCDEF';

  it.each([KEY, `{"routingKey":" ${KEY} "}`])('holds the integration key: %s', (text) => {
    expect(parseRoutingKey(text)).toBe(KEY);
  });

  it.each([`${KEY}0`, '', 'sEcReT', '{"routingKey":"sEcReT"}', '{"routing_key":"sEcReT"}', '{sEcReT'])(
    'is refused with a reason that does not repeat it: %s',
    (text) => {
      expect(() => parseRoutingKey(text)).toThrow(SecretUnavailableError);
      expect(() => parseRoutingKey(text)).not.toThrow(/sEcReT/);
    },
  );
});
