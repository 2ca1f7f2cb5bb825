import { describe, expect, test } from 'vitest';
import { monthlyCost, OWN_PRICES } from '../../shared/domain/own-cost.ts';
import { RUN_METRICS } from '../../shared/run-metrics.ts';
import { evaluateTemplate } from './evaluate-template.ts';
import { asList, asText, at, type TemplateRecord } from './parse-template.ts';
import { defaults, parameters, resourcesOfType, template } from './the-template.ts';

const outputWith = (changed: TemplateRecord): string =>
  asText(at(evaluateTemplate(template, { ...defaults, ...changed }).outputs, 'MonthlyCost', 'Value'));

const metrics = Object.keys(RUN_METRICS).length;
const dollars = (usd: number): string => usd.toFixed(2);

describe('the monthly cost in the outputs', () => {
  const SECRETS = {
    SlackWebhookUrl: 'https://hooks.slack.com/services/T/B/X',
    PagerDutyRoutingKey: 'e93facc04764012d7bfb002500d5d1a6',
  };

  test.each(asList(at(parameters, 'ScheduleMinutes', 'AllowedValues')).map(Number))(
    'is what the code computes at a schedule of %i minutes',
    (scheduleMinutes) => {
      const deployment = { keys: 100, series: 250, scheduleMinutes, slack: true };
      const { customMetrics, alarms, secret, total } = monthlyCost(deployment, metrics);

      const told = outputWith({ ScheduleMinutes: scheduleMinutes, ...SECRETS });

      expect(told).toContain(`${dollars(customMetrics)} for ${metrics} metrics`);
      expect(told).toContain(
        `${dollars(alarms)} for ${resourcesOfType('AWS::CloudWatch::Alarm').length} alarms`,
      );
      expect(told).toContain(`${dollars(secret)} for the secret of Slack`);
      expect(told).toContain(`${dollars(secret)} for the secret of PagerDuty`);
      expect(told).toContain(
        `(250 series) ${dollars(total - customMetrics - alarms - secret)} at this schedule`,
      );
    },
  );

  test('counts the alarms there are', () => {
    const { alarms } = monthlyCost({ keys: 0, series: 0, scheduleMinutes: 5, slack: false }, 0);

    expect(alarms).toBeCloseTo(OWN_PRICES.alarm * resourcesOfType('AWS::CloudWatch::Alarm').length);
  });

  test('leaves out what is not made, and names the cap where there is one', () => {
    expect(outputWith({})).toMatchInlineSnapshot(
      `"US dollars a month: 2.40 for 8 metrics and 0.40 for 4 alarms; and for each 100 keys in use (250 series) 23.34 at this schedule: reading CloudWatch, table, Lambda, logs. Above 30 (MonthlyUsdCap; the dashboard is not counted) keys are read less often, but in use every 15 minutes at least, which alone costs more than 30 from about 400 keys on."`,
    );
    expect(outputWith({ MonthlyUsdCap: 0, Dashboard: 'yes' })).toMatchInlineSnapshot(
      `"US dollars a month: 2.40 for 8 metrics and 0.40 for 4 alarms, at most 3.00 for the dashboard; and for each 100 keys in use (250 series) 23.34 at this schedule: reading CloudWatch, table, Lambda, logs. Nothing caps it."`,
    );
  });
});
