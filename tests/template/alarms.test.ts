import { describe, expect, test } from 'vitest';
import { METRIC_DIMENSION, METRIC_NAMESPACE, RUN_METRICS } from '../../shared/run-metrics.ts';
import { evaluateTemplate } from './evaluate-template.ts';
import { asList, asRecord, at } from './parse-template.ts';
import { defaults, parameters, resourcesOfType, template } from './the-template.ts';

const { resources } = evaluateTemplate(template, defaults);
const alarms = resourcesOfType('AWS::CloudWatch::Alarm').map(([name]) => name);
const own = alarms.filter((name) => at(resources, name, 'Properties', 'Namespace') === METRIC_NAMESPACE);

describe('the alarms', () => {
  test('watch the heartbeat, errors, coverage and deliveries', () => {
    expect(alarms).toEqual(['HeartbeatAlarm', 'ErrorsAlarm', 'CoverageAlarm', 'DeliveriesAlarm']);
  });

  test.each(own)('%s watches a metric that a run emits, in the dimension it is emitted in', (name) => {
    const alarm = at(resources, name, 'Properties');

    expect(Object.keys(RUN_METRICS)).toContain(at(alarm, 'MetricName'));
    expect(at(alarm, 'Dimensions')).toEqual([{ Name: METRIC_DIMENSION, Value: 'a-stack' }]);
  });

  test('use for each metric the statistic that answers its question', () => {
    const watched = alarms.map((name) => {
      const { MetricName, Statistic, ComparisonOperator, Threshold, TreatMissingData, DatapointsToAlarm } =
        asRecord(at(resources, name, 'Properties'));
      return [MetricName, Statistic, ComparisonOperator, Threshold, TreatMissingData, DatapointsToAlarm];
    });

    expect(watched).toEqual([
      // None at all: `Sum` of nothing is missing, and missing is breaching.
      ['Heartbeat', 'Sum', 'LessThanThreshold', 1, 'breaching', 3],
      ['Errors', 'Sum', 'GreaterThanOrEqualToThreshold', 1, 'notBreaching', 2],
      // Not even the best check of a period reached every key.
      ['Coverage', 'Maximum', 'LessThanThreshold', 100, 'ignore', 3],
      // Even at its lowest in a period something was left.
      ['DeliveriesPending', 'Minimum', 'GreaterThanOrEqualToThreshold', 1, 'ignore', 3],
    ]);
  });

  test('of errors watches the function by the name Lambda reports it under', () => {
    expect(at(resources, 'ErrorsAlarm', 'Properties', 'Namespace')).toBe('AWS/Lambda');
    expect(at(resources, 'ErrorsAlarm', 'Properties', 'Dimensions')).toEqual([
      { Name: 'FunctionName', Value: '<Detector>' },
    ]);
  });

  test.each(alarms)('%s speaks to the topic itself, when it starts and when it ends', (name) => {
    expect(at(resources, name, 'Properties', 'AlarmActions')).toEqual(['<IncidentTopic>']);
    expect(at(resources, name, 'Properties', 'OKActions')).toEqual(['<IncidentTopic>']);
    expect(at(resources, name, 'Properties', 'AlarmDescription')).toMatch(/\.$/);
  });

  test('may publish to the topic of the stack, from this account only', () => {
    expect(asList(at(resources, 'IncidentTopicPolicy', 'Properties', 'PolicyDocument', 'Statement'))).toEqual(
      [
        {
          Sid: 'AlarmsOfThisAccount',
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: 'sns:Publish',
          Resource: '<IncidentTopic>',
          Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
        },
      ],
    );
  });

  test('count in periods that hold at least one check, and no more than CloudWatch can look back on', () => {
    for (const minutes of asList(at(parameters, 'ScheduleMinutes', 'AllowedValues')).map(Number)) {
      const made = evaluateTemplate(template, { ...defaults, ScheduleMinutes: minutes });
      for (const name of alarms) {
        const period = Number(at(made.resources, name, 'Properties', 'Period'));
        const periods = Number(at(made.resources, name, 'Properties', 'EvaluationPeriods'));

        expect(period % 60).toBe(0);
        expect(period).toBeGreaterThanOrEqual(minutes * 60);
        expect(period).toBeLessThanOrEqual(Math.max(300, minutes * 60));
        expect(period * periods).toBeLessThanOrEqual(86_400);
      }
    }
  });
});

test('a run emits at most ten metrics: each is paid for', () => {
  expect(Object.keys(RUN_METRICS).length).toBeLessThanOrEqual(10);
});
