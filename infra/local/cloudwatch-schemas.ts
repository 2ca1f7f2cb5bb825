import * as z from 'zod';

/** Limits and shapes of CloudWatch's requests (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/). */

/** Numbers arrive as numbers (JSON) or as text (Query). */
const number = z
  .union([z.number(), z.string().regex(/^-?\d+(\.\d+)?([eE][-+]?\d+)?$/)])
  .pipe(z.coerce.number());
const integer = number.pipe(z.number().int());
const boolean = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);
const time = z.union([z.number(), z.string()]);
const name = z.string().min(1).max(255);

/** A list; the Query protocol writes an empty one as an empty text. */
const list = <T extends z.ZodType>(item: T, max: number) =>
  z.preprocess((value) => (value === '' ? [] : value), z.array(item).max(max));

const dimension = z.object({ Name: name, Value: z.string().min(1).max(1024) });

const metricStat = z.object({
  Metric: z.object({
    Namespace: name,
    MetricName: name,
    Dimensions: list(dimension, 30).optional(),
  }),
  Period: integer.pipe(z.number().min(1)),
  Stat: z.string(),
  Unit: z.string().optional(),
});

/** One query of GetMetricData: either of a metric or of an expression. */
const metricDataQuery = z.object({
  Id: z.string().max(255),
  MetricStat: metricStat.optional(),
  Expression: z.string().min(1).max(2048).optional(),
  Label: z.string().optional(),
  Period: integer.optional(),
  ReturnData: boolean.optional(),
  AccountId: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
});
export type MetricDataQuery = z.infer<typeof metricDataQuery>;

export const getMetricDataInput = z.object({
  MetricDataQueries: list(metricDataQuery, Infinity),
  StartTime: time,
  EndTime: time,
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).optional(),
  MaxDatapoints: integer.optional(),
  NextToken: z.string().optional(),
});

export const listMetricsInput = z.object({
  Namespace: name.optional(),
  MetricName: name.optional(),
  Dimensions: list(z.object({ Name: name, Value: z.string().optional() }), 10).optional(),
  RecentlyActive: z.enum(['PT3H']).optional(),
  IncludeLinkedAccounts: boolean.optional(),
  NextToken: z.string().optional(),
});

const datum = z.object({
  MetricName: name,
  Dimensions: list(dimension, 30).optional(),
  Timestamp: time.optional(),
  Value: number.optional(),
  Values: z.array(number).max(150).optional(),
  Counts: z.array(number).max(150).optional(),
  StatisticValues: z
    .object({ Sum: number, SampleCount: number, Minimum: number, Maximum: number })
    .optional(),
  Unit: z.string().optional(),
});
export type Datum = z.infer<typeof datum>;

export const putMetricDataInput = z.object({ Namespace: name, MetricData: list(datum, 1000) });
