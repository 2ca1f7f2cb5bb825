import { describe, expect, test } from 'vitest';
import { parseInsightsQuery } from '../../infra/local/insights-query.ts';
import { METRIC_NAME, NAMESPACE } from '../../shared/adapters/aws/cloudwatch-metric.ts';
import { METRIC_DIMENSION, METRIC_NAMESPACE, RUN_METRICS } from '../../shared/run-metrics.ts';
import { evaluateTemplate } from './evaluate-template.ts';
import { asList, asRecord, asText, at, isList, type TemplateRecord } from './parse-template.ts';
import { defaults, resourcesOfType, template } from './the-template.ts';

const { resources, outputs } = evaluateTemplate(template, { ...defaults, Dashboard: 'yes' });
const body: TemplateRecord = JSON.parse(
  asText(at(resources, 'UsageDashboard', 'Properties', 'DashboardBody')),
);
const widgets = asList(at(body, 'widgets')).map(asRecord);
const metrics = widgets
  .filter(({ type }) => type === 'metric')
  .flatMap((widget) => asList(at(widget, 'properties', 'metrics')).map(asList));
const expressions = metrics.flatMap(([first]) =>
  typeof first === 'object' && !isList(first) ? [asText(at(first, 'expression'))] : [],
);

describe('the dashboard', () => {
  test('is not there unless it is asked for', () => {
    const made = evaluateTemplate(template, defaults);

    expect(made.resources['UsageDashboard']).toBeUndefined();
    expect(made.outputs['DashboardName']).toBeUndefined();
  });

  test('shows every metric that a run emits, once, in the dimension it is emitted in', () => {
    const own = metrics.filter(([first]) => first === METRIC_NAMESPACE);

    const dimensions = own.map(([, , name, value]) => [name, value]);
    expect(own.map(([, name]) => asText(name)).toSorted()).toEqual(Object.keys(RUN_METRICS).toSorted());
    expect(dimensions).toEqual(own.map(() => [METRIC_DIMENSION, 'a-stack']));
    expect(own.length + expressions.length).toBe(metrics.length);
  });

  test('shows every alarm', () => {
    const [alarms] = widgets.filter(({ type }) => type === 'alarm');

    expect(asList(at(alarms ?? {}, 'properties', 'alarms'))).toEqual(
      resourcesOfType('AWS::CloudWatch::Alarm').map(([name]) => `<${name}>.Arn`),
    );
  });

  test('has no widget over another, and none beside the grid of 24 columns', () => {
    const cells = widgets.flatMap(({ x, y, width, height }) =>
      Array.from({ length: Number(width) * Number(height) }, (_, i) => [
        Number(x) + (i % Number(width)),
        Number(y) + Math.floor(i / Number(width)),
      ]),
    );

    expect(new Set(cells.map(String)).size).toBe(cells.length);
    expect(Math.max(...cells.map(([x = 0]) => x))).toBe(23);
  });

  test('ranks the keys by the query that the outputs give to everybody', () => {
    const query = asText(at(outputs, 'KeysThatUseMost', 'Value'));

    expect(expressions).toEqual([query]);
    expect(parseInsightsQuery(query)).toMatchObject({
      aggregate: 'SUM',
      metricName: METRIC_NAME,
      namespace: NAMESPACE,
      schema: ['KeyArn', 'Operation'],
      groupBy: ['KeyArn'],
      orderBy: { aggregate: 'SUM', descending: true },
      limit: 20,
    });
  });
});
