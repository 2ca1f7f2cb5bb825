import { describe, expect, test } from 'vitest';
import { parseConfig, SETTING_NAMES } from '../../shared/config.ts';
import { evaluateTemplate } from './evaluate-template.ts';
import { asList, asRecord, asText, at, type TemplateRecord } from './parse-template.ts';
import { defaults, parameters, resources, template, textsOf } from './the-template.ts';

/** Settings that a deployed function does not get, and why. */
const NOT_IN_THE_TEMPLATE: Readonly<Record<string, string>> = {
  AWS_REGION: 'set by Lambda',
  AWS_ENDPOINT_URL: 'for stand-ins of AWS',
  SLACK_WEBHOOK_URL: 'a credential in plain text: for local use; the function reads a secret',
  SLACK_API_URL: 'for stand-ins of Slack',
  CLOCK: 'for the demo and for tests',
  POLICY_FILE: 'the policy is packed beside the code; another one is for local use',
  LOG_LEVEL: 'Lambda filters by ApplicationLogLevel, which the logger follows',
};

const variablesWith = (changed: TemplateRecord): Record<string, string> => {
  const { resources: made } = evaluateTemplate(template, { ...defaults, ...changed });
  const variables = asRecord(at(made, 'Detector', 'Properties', 'Environment', 'Variables'));
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, asText(value)]));
};

/** The environment as the function gets it, with the resources' names as AWS would give them. */
const environmentWith = (changed: TemplateRecord): Record<string, string> => ({
  ...variablesWith(changed),
  TOPIC_ARN: 'arn:aws:sns:eu-central-1:111122223333:a-stack-IncidentTopic-x',
});

const names = Object.keys(parameters);

describe('every parameter', () => {
  test.each(names)('%s has a default, a description and a label', (name) => {
    const parameter = asRecord(parameters[name]);
    const labels = at(template, 'Metadata', 'AWS::CloudFormation::Interface', 'ParameterLabels');

    expect(parameter['Default']).toBeDefined();
    expect(asText(parameter['Description']).length).toBeGreaterThan(40);
    expect(at(labels, name, 'default')).toMatch(/^[A-Z]/);
  });

  test.each(names)('%s says what it accepts where a pattern or a list limits it', (name) => {
    const { AllowedPattern, AllowedValues, ConstraintDescription } = asRecord(parameters[name]);

    if (AllowedPattern !== undefined || AllowedValues !== undefined) {
      expect(ConstraintDescription).toMatch(/\.$/);
    }
  });

  test.each(names)('%s is used', (name) => {
    const texts = textsOf([resources, asRecord(template['Conditions']), asRecord(template['Outputs'])]);

    expect(texts).toContain(name);
  });

  test('stands in one group of the interface', () => {
    const groups = asList(at(template, 'Metadata', 'AWS::CloudFormation::Interface', 'ParameterGroups'));

    const grouped = groups.flatMap((group) => asList(at(group, 'Parameters')).map(String));

    expect(grouped.toSorted()).toEqual(names.toSorted());
  });
});

describe('the environment of the function', () => {
  test('has every setting but those that only make sense elsewhere', () => {
    const expected = SETTING_NAMES.filter((name) => !(name in NOT_IN_THE_TEMPLATE));

    expect(Object.keys(variablesWith({})).toSorted()).toEqual(expected.toSorted());
  });

  test('leaves out only settings that exist', () => {
    expect(SETTING_NAMES).toEqual(expect.arrayContaining(Object.keys(NOT_IN_THE_TEMPLATE)));
  });

  test('is accepted with the defaults, and says the same as the defaults of the code', () => {
    const config = parseConfig(environmentWith({}));

    const { TABLE_NAME } = config;
    const { TOPIC_ARN: _, STACK_NAME, ACCOUNT_ID, ...rest } = config;
    const { STACK_NAME: __, ...byCode } = parseConfig({ TABLE_NAME });
    expect(rest).toEqual(byCode);
    expect([STACK_NAME, ACCOUNT_ID]).toEqual(['a-stack', '111122223333']);
  });

  test('is accepted with every value and every bound that a parameter allows', () => {
    for (const name of names) {
      const { AllowedValues, MinValue, MaxValue } = asRecord(parameters[name]);
      const values = [...(AllowedValues === undefined ? [] : asList(AllowedValues)), MinValue, MaxValue];
      for (const value of values) {
        if (value === undefined) continue;
        expect(
          () => parseConfig(environmentWith({ [name]: value })),
          `${name}: ${asText(value)}`,
        ).not.toThrow();
      }
    }
  });

  test("sends to the service region of PagerDuty's that the account is in", () => {
    expect(variablesWith({ PagerDutyRegion: 'us' })['PAGERDUTY_URL']).toBe('');
    expect(variablesWith({ PagerDutyRegion: 'eu' })['PAGERDUTY_URL']).toBe(
      'https://events.eu.pagerduty.com/v2/enqueue',
    );
  });

  test('waits as long as SettleMinutes says', () => {
    for (const minutes of asList(at(parameters, 'SettleMinutes', 'AllowedValues'))) {
      expect(variablesWith({ SettleMinutes: minutes })['SETTLE_SECONDS']).toBe(String(60 * Number(minutes)));
    }
  });
});

describe('patterns', () => {
  const EXAMPLES: Readonly<Record<string, { readonly good: string[]; readonly bad: string[] }>> = {
    EmailAddress: { good: ['', 'oncall+kms@example.co.uk'], bad: ['oncall', 'a@b', 'a b@example.com'] },
    SlackWebhookUrl: {
      good: ['', 'https://hooks.slack.com/services/T00/B00/Xx'],
      bad: ['http://hooks.slack.com/services/T/B/X', 'https://hooks.slack.com.evil.test/services/T/B/X'],
    },
    SlackWebhookSecretArn: {
      good: ['', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:slack/kms-AbC123'],
      bad: ['slack/kms', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:slack'],
    },
    PagerDutyRoutingKey: {
      good: ['', 'e93facc04764012d7bfb002500d5d1a6'],
      bad: ['e93facc04764012d7bfb002500d5d1a', 'https://events.pagerduty.com/x', ' '.repeat(32)],
    },
    PagerDutySecretArn: {
      good: ['', 'arn:aws-us-gov:secretsmanager:us-gov-west-1:111122223333:secret:pagerduty-AbC123'],
      bad: ['pagerduty', 'e93facc04764012d7bfb002500d5d1a6'],
    },
    EventBusName: {
      good: ['', 'default', 'ops_bus-1.a'],
      bad: ['arn:aws:events:eu-central-1:111122223333:event-bus/ops', 'aws.partner/x.com/y', 'a bus'],
    },
    ExistingTopicArn: {
      good: ['', 'arn:aws-us-gov:sns:us-gov-west-1:111122223333:ops'],
      bad: ['ops', 'arn:aws:sns:eu-central-1:111122223333:ops.fifo'],
    },
    TopicKmsKeyArn: {
      good: ['', 'arn:aws:kms:eu-central-1:111122223333:key/mrk-0123'],
      bad: ['alias/aws/sns', 'arn:aws:kms:eu-central-1:111122223333:alias/topic'],
    },
    SecretsKmsKeyArn: {
      good: ['', 'arn:aws-cn:kms:cn-north-1:111122223333:key/0123-4567'],
      bad: ['alias/aws/secretsmanager', '0123-4567'],
    },
    Regions: {
      good: ['', 'eu-central-1', 'eu-central-1,us-gov-west-1', 'ap-southeast-2,us-east-1,eu-west-1'],
      bad: ['Frankfurt', 'eu-central-1, us-east-1', 'eu-central-1,', 'all'],
    },
    EnrichmentRoleName: {
      good: ['', 'kms-runaway-enrichment', 'Team_Role+1'],
      bad: ['arn:aws:iam::111122223333:role/x', 'a/path', '*'],
    },
    Sensitivity: {
      good: ['quiet', 'normal', 'eager', '75', '0.5'],
      bad: ['', 'loud', '-1', '1e3', 'Normal'],
    },
    AccountName: { good: ['', 'lake prod', 'Lager (Köln)'], bad: ['two\nlines'] },
    TimeZone: { good: ['UTC', 'Europe/Berlin', 'Etc/GMT+3', 'America/Port-au-Prince'], bad: ['', '+01:00'] },
  };

  test('exist for every parameter of free text, with examples here', () => {
    const free = names.filter(
      (name) =>
        at(parameters, name, 'Type') === 'String' &&
        asRecord(parameters[name])['AllowedValues'] === undefined,
    );

    expect(free.toSorted()).toEqual(Object.keys(EXAMPLES).toSorted());
  });

  test.each(Object.entries(EXAMPLES))('%s takes what it should and nothing else', (name, { good, bad }) => {
    // CloudFormation wants the whole value to match.
    const pattern = new RegExp(`^(?:${asText(at(parameters, name, 'AllowedPattern'))})$`);

    expect(good.filter((text) => !pattern.test(text))).toEqual([]);
    expect(bad.filter((text) => pattern.test(text))).toEqual([]);
  });

  test('a credential is not shown', () => {
    expect(at(parameters, 'SlackWebhookUrl', 'NoEcho')).toBe(true);
    expect(at(parameters, 'PagerDutyRoutingKey', 'NoEcho')).toBe(true);
  });
});
