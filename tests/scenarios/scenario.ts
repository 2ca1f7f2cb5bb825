import { readdirSync, readFileSync } from 'node:fs';
import * as z from 'zod';

const minute = z.number().int();

const services = z.enum([
  'cloudwatch',
  'kms',
  'sns',
  'secretsmanager',
  'dynamodb',
  'slack',
  'cloudtrail',
  'servicequotas',
]);

const fault = z.strictObject({
  service: services,
  action: z.string().optional(),
  /** Calls meet it from the first of these minutes to before the second. @default from the beginning to the end */
  from: minute.default(0),
  to: minute.default(Number.MAX_SAFE_INTEGER),
  /** @default every call in that time */
  times: z.number().int().positive().optional(),
  error: z.union([
    z.enum(['Throttling', 'InternalFailure', 'AccessDenied', 'drop', 'dropAnswer']),
    z.strictObject({
      code: z.string(),
      message: z.string().optional(),
      status: z.number().int().optional(),
      retryAfterSeconds: z.number().optional(),
    }),
  ]),
});

/** A run dies at the first call like this, once in the scenario: nothing that it sends afterwards arrives. */
const crash = z.strictObject({
  service: services,
  action: z.string(),
  /** Partition of the item that is written. @default any */
  pk: z.string().optional(),
  /** Only once the run has called this service: a delivery is recorded after it was sent. */
  after: services.optional(),
  /** Whether the call has taken effect. */
  moment: z.enum(['before', 'after']),
});

const runaway = z.strictObject({
  /** Alias without `alias/`, or how many keys it is: the first ones of the account. */
  key: z.union([z.string(), z.number().int().positive()]),
  operation: z.string().default('Decrypt'),
  kind: z.enum(['retryStorm', 'fullScan', 'lostCache', 'creep', 'spike']).default('retryStorm'),
  factor: z.number().positive().optional(),
  requestsPerSecond: z.number().positive().optional(),
  from: minute,
  to: minute,
});

/** What somebody, or something, does to the account at a minute. */
const deed = z.strictObject({
  at: minute,
  do: z.union([
    z.strictObject({ invoke: z.record(z.string(), z.unknown()) }),
    z.enum(['revoke the webhook', 'restore the webhook', 'confirm the email', 'delete the key']),
  ]),
  /** Part of the answer that an invocation must give. */
  answers: z.record(z.string(), z.unknown()).optional(),
});

const schema = z.strictObject({
  $schema: z.string().optional(),
  /** One sentence: the situation, and what must come of it. */
  situation: z.string(),
  /** Keys of the simulated account, the first ones of its fleet. */
  keys: z.number().int().min(1).default(2),
  /** Days of use before the story. @default 58, eight weeks and two days */
  historyDays: z.number().int().positive().optional(),
  runaways: z.array(runaway).default([]),
  faults: z.array(fault).default([]),
  crashes: z.array(crash).default([]),
  deeds: z.array(deed).default([]),
  /** Further settings of the function. */
  environment: z.record(z.string(), z.string()).default({}),
  /** Applied request quotas of cryptographic operations, for each kind of key. @default as documented */
  quotaPerSecond: z.number().positive().optional(),
  policy: z.record(z.string(), z.unknown()).optional(),
  /** Nobody has confirmed the email before it is a deed. */
  unconfirmed: z.boolean().default(false),
  /** Minutes at which the schedule does not run, or runs twice. */
  missedRuns: z.array(minute).default([]),
  /** How often the schedule runs, from a minute on: long stories need not be told every five minutes. */
  stretches: z
    .array(z.strictObject({ from: minute, everyMinutes: z.number().int().positive() }))
    .min(1)
    .default([{ from: 3, everyMinutes: 5 }]),
  /** How many runs must die; the next one makes them good. @default any number */
  failedRuns: z.number().int().nonnegative().optional(),
  doubledRuns: z.array(minute).default([]),
  /** Length of the scenario. */
  minutes: minute,
  /** What each receiver was told of incidents: beginnings of headlines, in order. `|` stands between ways that worlds may differ in. */
  told: z.strictObject({ email: z.array(z.string()), slack: z.array(z.string()) }),
  /** Text that the messages must hold somewhere, or must not. */
  says: z.array(z.string()).default([]),
  saysNot: z.array(z.string()).default([]),
  /** Part of what `status` must answer at the end. */
  status: z.record(z.string(), z.unknown()).optional(),
});

/** A situation as data: what happens, and what people must hear of it. Times are minutes after noon. */
export type Scenario = z.infer<typeof schema>;

/** The minutes at which the schedule runs. */
export function minutesOf({ stretches, minutes }: Scenario): number[] {
  return stretches.flatMap(({ from, everyMinutes }, i) => {
    const end = Math.min(stretches[i + 1]?.from ?? minutes + 1, minutes + 1);
    return Array.from({ length: Math.ceil((end - from) / everyMinutes) }, (_, n) => from + n * everyMinutes);
  });
}

/** All situations, by file name. */
export function readScenarios(): ReadonlyMap<string, Scenario> {
  const folder = new URL('./situations/', import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return new Map(
    names.toSorted().map((name) => {
      const parsed = schema.safeParse(JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
      if (!parsed.success) throw new Error(`${name}: ${z.prettifyError(parsed.error)}`);
      return [name.replace('.json', ''), parsed.data];
    }),
  );
}
