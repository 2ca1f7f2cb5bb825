import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig, SETTING_NAMES } from '../../shared/config.ts';

const WEBHOOK = 'https://hooks.slack.com/services/T00000000/B00000000/sEcReTtOkEn';

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    parseConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('parseConfig', () => {
  it('needs the table only and has defaults for the rest', () => {
    const config = parseConfig({ TABLE_NAME: 'detector' });

    expect(config).toEqual({
      TABLE_NAME: 'detector',
      SENSITIVITY: 200,
      PAGE_USD_PER_HOUR: 10,
      NOTICE_USD_PER_HOUR: 0.5,
      SETTLE_SECONDS: 180,
      MAX_MESSAGES_PER_HOUR: 20,
      SCHEDULE_MINUTES: 5,
      MONTHLY_USD_CAP: 30,
      INCLUDE_LINKED_ACCOUNTS: false,
      TIME_ZONE: 'UTC',
      STACK_NAME: 'kms-runaway-detector',
      LOG_LEVEL: 'INFO',
      CLOCK: 'wall',
      AWS_REGION: 'us-east-1',
    });
  });

  it('reads every setting', () => {
    const environment = {
      TABLE_NAME: 'detector',
      TOPIC_ARN: 'arn:aws-us-gov:sns:us-gov-west-1:111122223333:alerts',
      SLACK_WEBHOOK_SECRET_ARN: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:slack-AbCdEf',
      SLACK_WEBHOOK_URL: WEBHOOK,
      SLACK_API_URL: 'http://127.0.0.1:4566/slack/api',
      PAGERDUTY_SECRET_ARN: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:pagerduty-AbCdEf',
      PAGERDUTY_URL: 'http://127.0.0.1:4566/pagerduty/v2/enqueue',
      EVENT_BUS_NAME: 'default',
      SENSITIVITY: '10',
      POLICY_FILE: 'policy.json',
      PAGE_USD_PER_HOUR: '0',
      NOTICE_USD_PER_HOUR: '0.25',
      SETTLE_SECONDS: '300',
      MAX_MESSAGES_PER_HOUR: '5',
      ACCOUNT_ID: '111122223333',
      REGIONS: 'eu-central-1,us-east-1,eu-central-1',
      INCLUDE_LINKED_ACCOUNTS: 'true',
      ENRICHMENT_ROLE_NAME: 'kms-runaway-enrichment',
      ACCOUNT_NAME: 'prod',
      TIME_ZONE: 'Europe/Berlin',
      STACK_NAME: 'kms',
      LOG_LEVEL: 'DEBUG',
      CLOCK: 'schedule',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      AWS_REGION: 'eu-central-1',
    };

    const config = parseConfig(environment);

    expect(Object.keys(config).sort()).toEqual([...SETTING_NAMES].sort());
    expect(config).toMatchObject({
      REGIONS: ['eu-central-1', 'us-east-1'],
      INCLUDE_LINKED_ACCOUNTS: true,
      SENSITIVITY: 10,
      PAGE_USD_PER_HOUR: 0,
      NOTICE_USD_PER_HOUR: 0.25,
      MAX_MESSAGES_PER_HOUR: 5,
      CLOCK: 'schedule',
    });
  });

  it('takes an empty value for an unset one, as templates write them', () => {
    expect(
      parseConfig({ TABLE_NAME: 'detector', TOPIC_ARN: '', SLACK_WEBHOOK_URL: '', PAGE_USD_PER_HOUR: '' }),
    ).toEqual(parseConfig({ TABLE_NAME: 'detector' }));
  });

  it('ignores what is not its own', () => {
    expect(parseConfig({ TABLE_NAME: 'detector', PATH: '/bin' })).not.toHaveProperty('PATH');
  });

  it('lists every problem at once, with the value that was there', () => {
    const environment = {
      TOPIC_ARN: 'alerts',
      SENSITIVITY: 'high',
      SETTLE_SECONDS: '30',
      MAX_MESSAGES_PER_HOUR: '0',
      TIME_ZONE: 'Europe/Atlantis',
      CLOCK: 'schedule',
    };

    expect(() => parseConfig(environment)).toThrow(ConfigError);
    expect(problemsOf(environment)).toMatchInlineSnapshot(`
      [
        "TABLE_NAME is not set: the name of the DynamoDB table, 3 characters or more",
        "TOPIC_ARN="alerts": an SNS topic such as arn:aws:sns:eu-central-1:111122223333:alerts",
        "SENSITIVITY="high": quiet, normal, eager, or accepted false alerts per 100 keys and year, 0.1 to 10000",
        "SETTLE_SECONDS="30": whole seconds from 60 to 900",
        "MAX_MESSAGES_PER_HOUR="0": whole messages an hour from 1 to 1000",
        "TIME_ZONE="Europe/Atlantis": an IANA time zone such as Europe/Berlin",
        "CLOCK="schedule": only for tests against a local endpoint; set AWS_ENDPOINT_URL, too, or remove CLOCK",
      ]
    `);
  });

  it('says in its message how many problems there are and which', () => {
    expect(() => parseConfig({ TABLE_NAME: 'x', LOG_LEVEL: 'LOUD' })).toThrowErrorMatchingInlineSnapshot(`
      [ConfigError: The configuration has 2 problem(s):
      - TABLE_NAME="x": the name of the DynamoDB table, 3 characters or more
      - LOG_LEVEL="LOUD": DEBUG, INFO, WARN or ERROR]
    `);
  });

  it('accepts CLOCK=schedule together with a local endpoint only', () => {
    expect(problemsOf({ TABLE_NAME: 'detector', CLOCK: 'schedule' })).toEqual([
      'CLOCK="schedule": only for tests against a local endpoint; set AWS_ENDPOINT_URL, too, or remove CLOCK',
    ]);
    expect(
      problemsOf({ TABLE_NAME: 'detector', CLOCK: 'schedule', AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' }),
    ).toEqual([]);
  });

  it.each([
    [
      'ftp://hooks.slack.com/services/T0/B0/sEcReTtOkEn',
      'SLACK_WEBHOOK_URL=(hidden, host hooks.slack.com): ',
    ],
    ['hooks.slack.com/services/T0/B0/sEcReTtOkEn', 'SLACK_WEBHOOK_URL=(hidden): '],
    ['sEcReTtOkEn', 'SLACK_WEBHOOK_URL=(hidden): '],
    ['ftp://sEcReTtOkEn@hooks.slack.com/', 'SLACK_WEBHOOK_URL=(hidden, host hooks.slack.com): '],
  ])('never prints the webhook, even a wrong one: %s', (SLACK_WEBHOOK_URL, start) => {
    const problems = problemsOf({ TABLE_NAME: 'detector', SLACK_WEBHOOK_URL });

    expect(problems).toEqual([`${start}a URL such as https://hooks.slack.com/services/...`]);
    expect(problems.join()).not.toContain('sEcReT');
  });

  it('does not print a good webhook beside the problem of another setting', () => {
    const problems = problemsOf({ SLACK_WEBHOOK_URL: WEBHOOK });

    expect(problems).toHaveLength(1);
    expect(problems.join()).not.toContain('sEcReT');
  });
});
