import { ApiError } from './service.ts';

/**
 * The part of CloudWatch Metrics Insights that ranks keys: one aggregate over one namespace, grouped by dimensions
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html).
 */
export interface InsightsQuery {
  readonly aggregate: Aggregate;
  readonly metricName: string;
  readonly namespace: string;
  /** Names of all dimensions a metric must have, undefined without SCHEMA. */
  readonly schema: readonly string[] | undefined;
  readonly conditions: readonly {
    readonly dimension: string;
    readonly equal: boolean;
    readonly value: string;
  }[];
  readonly groupBy: readonly string[];
  readonly orderBy: { readonly aggregate: Aggregate; readonly descending: boolean } | undefined;
  readonly limit: number;
}

/** Functions over the datapoints of a period. */
export type Aggregate = 'SUM' | 'AVG' | 'MAX' | 'MIN' | 'COUNT';

const AGGREGATES: readonly string[] = ['SUM', 'AVG', 'MAX', 'MIN', 'COUNT'];
const MAX_SERIES = 500;

/** Words that a dimension may only be called by in double quotes; the documented list holds many more. */
const RESERVED = new Set([
  'OPERATION',
  'SELECT',
  'FROM',
  'WHERE',
  'GROUP',
  'ORDER',
  'BY',
  'LIMIT',
  'AND',
  'SCHEMA',
]);

/** The query of a text, or a `ValidationError`. */
export function parseInsightsQuery(text: string): InsightsQuery {
  const tokens = text.match(/"[^"]*"|'[^']*'|[A-Za-z_][\w.]*|\d+|!=|[(),=]/g) ?? [];
  let next = 0;
  const fail = (): never => {
    throw new ApiError(
      'ValidationError',
      `Error in expression: syntax error near '${tokens[next] ?? 'end'}' in ${text}`,
    );
  };
  const peek = (word: string) => tokens[next]?.toUpperCase() === word;
  const take = (word: string) => peek(word) && next++ >= 0;
  const expect = (word: string) => take(word) || fail();
  const name = (): string => {
    const token = tokens[next] ?? fail();
    next++;
    if (/^"/.test(token)) return token.slice(1, -1);
    return /^[A-Za-z_]/.test(token) && !RESERVED.has(token.toUpperCase()) ? token : fail();
  };
  const literal = (): string => {
    const token = tokens[next] ?? fail();
    next++;
    return /^'/.test(token) ? token.slice(1, -1) : fail();
  };
  const aggregate = (): Aggregate => {
    const token = tokens[next]?.toUpperCase() ?? '';
    next++;
    return AGGREGATES.includes(token) ? (token as Aggregate) : fail();
  };
  const names = (): string[] => {
    const list = [name()];
    while (take(',')) list.push(name());
    return list;
  };

  expect('SELECT');
  const selected = aggregate();
  expect('(');
  const metricName = name();
  expect(')');
  expect('FROM');
  let schema: string[] | undefined;
  let namespace: string;
  if (take('SCHEMA')) {
    expect('(');
    [namespace = '', ...schema] = names();
    expect(')');
  } else {
    namespace = name();
  }
  const conditions: { dimension: string; equal: boolean; value: string }[] = [];
  if (take('WHERE')) {
    do {
      const dimension = name();
      const equal = take('=');
      if (!equal) expect('!=');
      conditions.push({ dimension, equal, value: literal() });
    } while (take('AND'));
  }
  const groupBy = take('GROUP') && expect('BY') ? names() : [];
  let orderBy: InsightsQuery['orderBy'];
  if (take('ORDER')) {
    expect('BY');
    const by = aggregate();
    expect('(');
    expect(')');
    const descending = take('DESC');
    if (!descending) take('ASC');
    orderBy = { aggregate: by, descending };
  }
  const limit = take('LIMIT') ? Number(tokens[next++]) : MAX_SERIES;
  if (next < tokens.length || !(limit >= 1 && limit <= MAX_SERIES)) fail();
  return { aggregate: selected, metricName, namespace, schema, conditions, groupBy, orderBy, limit };
}
