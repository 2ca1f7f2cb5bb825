import { describe, expect, test } from 'vitest';
import { DanglingError, evaluateTemplate, passesRules } from './evaluate-template.ts';
import { asRecord, at, parseTemplate, type TemplateRecord } from './parse-template.ts';
import { defaults, template, textsOf } from './the-template.ts';

/** Parameters that may be empty, each with a value: what the conditions depend on. */
const OPTIONAL = {
  EmailAddress: 'oncall@example.com',
  SlackWebhookUrl: 'https://hooks.slack.com/services/T/B/X',
  SlackWebhookSecretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:slack-AbC123',
  PagerDutyRoutingKey: 'e93facc04764012d7bfb002500d5d1a6',
  PagerDutySecretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:pagerduty-AbC123',
  EventBusName: 'ops',
  ExistingTopicArn: 'arn:aws:sns:eu-central-1:111122223333:ops',
  TopicKmsKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/topic',
  SecretsKmsKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/secret',
  Regions: 'eu-central-1,us-east-1',
  EnrichmentRoleName: 'kms-runaway-enrichment',
} as const;

const names = Object.keys(OPTIONAL) as (keyof typeof OPTIONAL)[];

/** All 2^n ways to fill in the optional parameters, with the schedules whose expression differs in form. */
const combinations: TemplateRecord[] = Array.from({ length: 2 ** names.length }, (_, bits) =>
  Object.fromEntries(names.map((name, i) => [name, (bits >> i) & 1 ? OPTIONAL[name] : ''])),
).flatMap((filled) => [1, 5, 60].map((minutes) => ({ ...defaults, ...filled, ScheduleMinutes: minutes })));

const allowed = combinations.filter((given) => passesRules(template, given));

describe('under every combination of optional parameters', () => {
  test('everything that is referred to is there', () => {
    for (const given of allowed) {
      expect(() => evaluateTemplate(template, given), JSON.stringify(given)).not.toThrow();
    }
  });

  test('no permission has an empty resource, and no alarm an empty receiver', () => {
    for (const given of allowed) {
      const { resources } = evaluateTemplate(template, given);
      const statements = at(resources, 'DetectorRole', 'Properties', 'Policies');
      const alarms = Object.values(resources).filter(
        (resource) => asRecord(resource)['Type'] === 'AWS::CloudWatch::Alarm',
      );

      expect(textsOf(statements)).not.toContain('');
      expect(alarms.flatMap(textsOf)).not.toContain('');
    }
  });

  test('the rules refuse two credentials for one receiver, and a key for a secret that is not there', () => {
    const { SlackWebhookUrl, SlackWebhookSecretArn, SecretsKmsKeyArn } = OPTIONAL;
    const { PagerDutyRoutingKey, PagerDutySecretArn } = OPTIONAL;

    expect(passesRules(template, defaults)).toBe(true);
    expect(passesRules(template, { ...defaults, SlackWebhookUrl, SlackWebhookSecretArn })).toBe(false);
    expect(passesRules(template, { ...defaults, SecretsKmsKeyArn })).toBe(false);
    expect(passesRules(template, { ...defaults, SecretsKmsKeyArn, SlackWebhookUrl })).toBe(true);
    expect(passesRules(template, { ...defaults, SecretsKmsKeyArn, PagerDutySecretArn })).toBe(true);
    expect(passesRules(template, { ...defaults, PagerDutyRoutingKey, PagerDutySecretArn })).toBe(false);
    expect(passesRules(template, { ...defaults, PagerDutyRoutingKey, SlackWebhookSecretArn })).toBe(true);
    expect(combinations.length - allowed.length).toBeGreaterThan(0);
  });
});

describe('with the defaults', () => {
  const made = evaluateTemplate(template, defaults);

  test('there is a topic, and a note that nobody hears of a detector that has stopped', () => {
    expect(Object.keys(made.resources)).toEqual(
      expect.arrayContaining(['IncidentTopic', 'IncidentTopicPolicy']),
    );
    expect(Object.keys(made.resources)).not.toContain('SlackWebhookSecret');
    expect(Object.keys(made.resources)).not.toContain('PagerDutySecret');
    expect(at(made.outputs, 'NobodyHears', 'Value')).toMatch(/^Nobody would hear/);
  });

  test('the outputs give the line for an immediate check', () => {
    expect(at(made.outputs, 'CheckNow', 'Value')).toBe(
      "aws lambda invoke --region eu-central-1 --function-name <Detector> --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '{}' /dev/stdout",
    );
  });

  test.each(['EmailAddress', 'ExistingTopicArn'] as const)('%s takes the note away', (name) => {
    const { outputs } = evaluateTemplate(template, { ...defaults, [name]: OPTIONAL[name] });

    expect(Object.keys(outputs)).not.toContain('NobodyHears');
  });
});

describe('an existing topic', () => {
  const made = evaluateTemplate(template, {
    ...defaults,
    ExistingTopicArn: OPTIONAL.ExistingTopicArn,
    EmailAddress: OPTIONAL.EmailAddress,
  });

  test('is used by the function, the alarms and the subscription', () => {
    const { ExistingTopicArn } = OPTIONAL;

    expect(at(made.resources, 'Detector', 'Properties', 'Environment', 'Variables', 'TOPIC_ARN')).toBe(
      ExistingTopicArn,
    );
    expect(at(made.resources, 'HeartbeatAlarm', 'Properties', 'AlarmActions')).toEqual([ExistingTopicArn]);
    expect(at(made.resources, 'EmailSubscription', 'Properties', 'TopicArn')).toBe(ExistingTopicArn);
  });

  test('is given no policy and no twin', () => {
    const types = Object.values(made.resources).map((resource) => asRecord(resource)['Type']);

    expect(types).not.toContain('AWS::SNS::TopicPolicy');
    expect(types).not.toContain('AWS::SNS::Topic');
  });
});

describe('the evaluator of these tests', () => {
  test('finds a reference to a resource that is not made', () => {
    const planted = parseTemplate(`
Mappings: {}
Conditions:
  MakesTopic: !Equals [!Ref ExistingTopicArn, '']
Resources:
  Topic: { Type: AWS::SNS::Topic, Condition: MakesTopic }
  Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { AlarmActions: [!Ref Topic] } }
Outputs: {}
`);

    expect(evaluateTemplate(planted, { ExistingTopicArn: '' }).resources['Alarm']).toEqual({
      Type: 'AWS::CloudWatch::Alarm',
      Properties: { AlarmActions: ['<Topic>'] },
    });
    expect(() => evaluateTemplate(planted, { ExistingTopicArn: 'given' })).toThrow(DanglingError);
  });

  test('leaves out what AWS::NoValue stands for', () => {
    const planted = parseTemplate(`
Mappings: {}
Conditions:
  Never: !Equals [a, b]
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties: { Key: !If [Never, x, !Ref AWS::NoValue], Tags: [!If [Never, x, !Ref AWS::NoValue], kept] }
Outputs: {}
`);

    expect(at(evaluateTemplate(planted, {}).resources, 'Topic', 'Properties')).toEqual({ Tags: ['kept'] });
  });
});
