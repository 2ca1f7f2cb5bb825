import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseTrigger } from '../../functions/detector/trigger.ts';
import { DETECTOR_FOLDER, DETECTOR_MODULE } from '../../infra/bundle-checks.ts';
import { asRecord, asText, at, type TemplateValue } from './parse-template.ts';
import { parameters, resources, resourcesOfType, template, textsOf } from './the-template.ts';

/** Properties by which a resource gets a name that a second stack could not have. */
const FIXED_NAMES = [
  'FunctionName',
  'RoleName',
  'TableName',
  'TopicName',
  'QueueName',
  'LogGroupName',
  'AlarmName',
];

/**
 * Resources that hold what an update must not lose, by logical id. CloudFormation takes another id for another
 * resource: the old one goes, or stays behind unused, and the new one is empty. A change here is a `[CHANGE]` in
 * CHANGELOG.md that says what is lost.
 */
const STATEFUL = {
  DetectorLogs: 'AWS::Logs::LogGroup',
  FailedChecks: 'AWS::SQS::Queue',
  StateTable: 'AWS::DynamoDB::Table',
  SlackWebhookSecret: 'AWS::SecretsManager::Secret',
  PagerDutySecret: 'AWS::SecretsManager::Secret',
  IncidentTopic: 'AWS::SNS::Topic',
  // Another subscription would have to be confirmed by a click, and until then nobody hears.
  EmailSubscription: 'AWS::SNS::Subscription',
} as const;

const names = Object.keys(resources);

describe('the function', () => {
  const detector = at(resources, 'Detector', 'Properties');

  test('runs the handler that the build makes', () => {
    const module = new URL(`../../${DETECTOR_FOLDER}/${DETECTOR_MODULE}.mjs`, import.meta.url);

    expect(at(detector, 'CodeUri')).toBe(DETECTOR_FOLDER);
    expect(at(detector, 'Handler')).toBe(`${DETECTOR_MODULE}.handler`);
    expect(at(resources, 'Detector', 'Metadata')).toEqual({ SkipBuild: true });
    expect(existsSync(module), 'run `npm run build` first').toBe(true);
    expect(readFileSync(module, 'utf8')).toMatch(/export\{[^}]*\bas handler\b/);
  });

  test('runs on Node.js 24 and ends before the next check of the default schedule', () => {
    const { Runtime, Architectures, Timeout, MemorySize } = asRecord(detector);

    expect({ Runtime, Architectures, MemorySize }).toEqual({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: 1024,
    });
    expect(Number(Timeout)).toBeLessThan(60 * Number(at(parameters, 'ScheduleMinutes', 'Default')));
  });

  test('is not started again for a failed check', () => {
    expect(at(detector, 'EventInvokeConfig', 'MaximumRetryAttempts')).toBe(0);
    expect(at(detector, 'EventInvokeConfig', 'DestinationConfig', 'OnFailure', 'Type')).toBe('SQS');
  });

  test('gets from the schedule what it accepts', () => {
    const input = asText(at(detector, 'Events', 'Schedule', 'Properties', 'Input'));

    const event: unknown = JSON.parse(input.replace(/<[^>]*>/, '2026-11-25T02:03:00Z'));

    expect(parseTrigger(event).kind).toBe('trigger');
  });

  test('logs into the group that is declared before it, at the level the metrics need', () => {
    expect(names.indexOf('DetectorLogs')).toBeLessThan(names.indexOf('Detector'));
    expect(at(detector, 'LoggingConfig')).toEqual({
      LogFormat: 'JSON',
      LogGroup: { Ref: 'DetectorLogs' },
      ApplicationLogLevel: 'INFO',
    });
  });
});

describe('every resource', () => {
  test.each(names)('%s has no fixed name', (name) => {
    const properties = asRecord(asRecord(resources[name])['Properties']);

    expect(Object.keys(properties).filter((property) => FIXED_NAMES.includes(property))).toEqual([]);
    expect(properties['Name']).toBeUndefined();
  });

  test.each(names)('%s does not refer to itself', (name) => {
    const refersToItself = (value: TemplateValue | undefined): boolean =>
      textsOf(value).some(
        (text) => text === name || text.includes(`\${${name}}`) || text.includes(`\${${name}.`),
      );

    // `!Ref X` of the group in its own name would make CloudFormation refuse the stack.
    expect(refersToItself(asRecord(asRecord(resources[name])['Properties']))).toBe(false);
  });
});

describe('state', () => {
  const table = resourcesOfType('AWS::DynamoDB::Table')[0]![1];

  test('and the topic with its subscribers outlive the stack', () => {
    const kept = names.filter((name) => asRecord(resources[name])['DeletionPolicy'] === 'Retain');

    expect(kept).toEqual(['StateTable', 'IncidentTopic']);
    expect(kept.map((name) => at(resources, name, 'UpdateReplacePolicy'))).toEqual(['Retain', 'Retain']);
  });

  test('keeps the logical ids under which stacks have it', () => {
    const types = new Set<string>(Object.values(STATEFUL));
    const stateful = names
      .map((name) => [name, asText(at(resources, name, 'Type'))] as const)
      .filter(([, type]) => types.has(type));

    expect(Object.fromEntries(stateful)).toEqual(STATEFUL);
  });

  test('is one table as the stores expect it', () => {
    expect(at(table, 'KeySchema')).toEqual([
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ]);
    expect(at(table, 'TimeToLiveSpecification')).toEqual({ AttributeName: 'expiresAt', Enabled: true });
    expect(at(table, 'BillingMode')).toBe('PAY_PER_REQUEST');
    expect(at(table, 'PointInTimeRecoverySpecification')).toEqual({ PointInTimeRecoveryEnabled: true });
  });

  test('is under no KMS key of the account: a check would use it each time', () => {
    expect(table['SSESpecification']).toBeUndefined();
    expect(at(resources, 'FailedChecks', 'Properties', 'SqsManagedSseEnabled')).toBe(true);
  });
});

test('the template says what it is within the length CloudFormation allows', () => {
  const { Description } = template;

  expect(asText(Description).length).toBeLessThanOrEqual(1024);
});

test('a name is used once, whatever it names', () => {
  const sections = ['Parameters', 'Rules', 'Mappings', 'Conditions', 'Resources'];
  const used = sections.flatMap((section) => Object.keys(asRecord(template[section])));

  expect(used.filter((name, i) => used.indexOf(name) !== i)).toEqual([]);
});
