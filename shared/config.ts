import * as z from 'zod';
import { SENSITIVITY_LEVELS } from './domain/detection/sensitivity.ts';
import type { Policy } from './domain/policy.ts';
import { parseSensitivity, SENSITIVITY_EXPECTED } from './sensitivity-setting.ts';

/** A number, and what a problem says belongs there. */
const number = (expected: string) => z.coerce.number({ error: expected });

/** The ARN of a secret whose name may be like this. */
const secretArn = (name: string) =>
  z
    .string()
    .regex(/^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:.+$/, {
      error: `a secret such as arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}-AbCdEf`,
    })
    .optional();

/**
 * Every setting of the detector, read from the environment once. The template's parameters and these variables
 * have the same meaning; a test compares them.
 */
const settings = z.object({
  /** The DynamoDB table of baselines, incidents and run state. */
  TABLE_NAME: z.string({ error: 'the name of the DynamoDB table, 3 characters or more' }).min(3),
  /** The SNS topic that hears of incidents. */
  TOPIC_ARN: z
    .string()
    .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+$/, {
      error: 'an SNS topic such as arn:aws:sns:eu-central-1:111122223333:alerts',
    })
    .optional(),
  /** Secrets Manager secret for Slack: the webhook's URL, JSON `{"webhookUrl"}`, or `{"botToken","channel"}`. */
  SLACK_WEBHOOK_SECRET_ARN: secretArn('slack'),
  /** The webhook in plain text: for local use. */
  SLACK_WEBHOOK_URL: z
    .url({ protocol: /^https?$/, error: 'a URL such as https://hooks.slack.com/services/...' })
    .optional(),
  /** Where Slack's Web API is, for a bot token: for local use. */
  SLACK_API_URL: z.url({ protocol: /^https?$/, error: 'a URL such as https://slack.com/api' }).optional(),
  /** Secrets Manager secret with the integration key of PagerDuty: the key itself, or JSON `{"routingKey"}`. */
  PAGERDUTY_SECRET_ARN: secretArn('pagerduty'),
  /** Where PagerDuty takes events. @default its service region us */
  PAGERDUTY_URL: z
    .url({ protocol: /^https?$/, error: 'a URL such as https://events.pagerduty.com/v2/enqueue' })
    .optional(),
  /** The EventBridge bus that gets an event for each message. */
  EVENT_BUS_NAME: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,256}$/, { error: 'the name of an EventBridge bus, such as default' })
    .optional(),
  /** A level's name, or accepted false alerts per 100 keys and year. */
  SENSITIVITY: z
    .string()
    .transform((text, context) => {
      const sensitivity = parseSensitivity(text);
      if (sensitivity !== undefined) return sensitivity;
      context.addIssue({ code: 'custom', message: SENSITIVITY_EXPECTED });
      return z.NEVER;
    })
    .default(SENSITIVITY_LEVELS.normal),
  /** A policy document to use instead of the one packed beside the code: for local use. */
  POLICY_FILE: z.string().optional(),
  /** Excess in dollars an hour from which somebody is woken. */
  PAGE_USD_PER_HOUR: number('dollars an hour, 0 or more').min(0).default(10),
  /** Excess in dollars an hour from which it is told at once. */
  NOTICE_USD_PER_HOUR: number('dollars an hour, 0 or more').min(0).default(0.5),
  /** Seconds after its end from which a bin is judged. CloudWatch publishes late. */
  SETTLE_SECONDS: number('whole seconds from 60 to 900').int().min(60).max(900).default(180),
  /** Minutes between scheduled checks: what the detector's own bill is computed from. */
  SCHEDULE_MINUTES: number('whole minutes from 1 to 60').int().min(1).max(60).default(5),
  /** Dollars a month that the detector may cost, everything counted; 0: no cap. */
  MONTHLY_USD_CAP: number('dollars a month, 0 or more').min(0).default(30),
  /** Messages a receiver is sent in an hour, pages aside: further ones are held and told together. */
  MAX_MESSAGES_PER_HOUR: number('whole messages an hour from 1 to 1000').int().min(1).max(1000).default(20),
  /** Number of the account that the function runs in. */
  ACCOUNT_ID: z
    .string()
    .regex(/^\d{12}$/, { error: 'an account of twelve digits' })
    .optional(),
  /** The Regions whose keys are watched, separated by commas. @default the function's own */
  REGIONS: z
    .string()
    .regex(/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}(,[a-z]{2,4}(-[a-z]+)+-\d{1,2})*$/, {
      error: 'Regions such as eu-central-1,us-east-1',
    })
    .transform((text): readonly string[] => [...new Set(text.split(','))])
    .optional(),
  /** Whether the accounts that are linked to this one in CloudWatch are watched, too. */
  INCLUDE_LINKED_ACCOUNTS: z
    .enum(['true', 'false'], { error: 'true or false' })
    .transform((text) => text === 'true')
    .default(false),
  /** Name of the read-only role that linked accounts keep for the detector: infra/enrichment-role.yaml makes it. */
  ENRICHMENT_ROLE_NAME: z
    .string()
    .regex(/^[A-Za-z0-9+=,.@_-]{1,64}$/, { error: "a role's name, such as kms-runaway-enrichment" })
    .optional(),
  /** Name of the account in messages; default: its id. */
  ACCOUNT_NAME: z.string().max(64, { error: 'at most 64 characters' }).optional(),
  /** IANA time zone that messages print beside UTC. */
  TIME_ZONE: z
    .string()
    .refine(isTimeZone, { error: 'an IANA time zone such as Europe/Berlin' })
    .default('UTC'),
  /** Stack name: the only dimension of the emitted metrics. */
  STACK_NAME: z.string().default('kms-runaway-detector'),
  LOG_LEVEL: z
    .enum(['DEBUG', 'INFO', 'WARN', 'ERROR'], { error: 'DEBUG, INFO, WARN or ERROR' })
    .default('INFO'),
  /** `schedule` makes `scheduledTime` the wall clock; for demo and tests, only together with AWS_ENDPOINT_URL. */
  CLOCK: z.enum(['wall', 'schedule'], { error: 'wall or schedule' }).default('wall'),
  AWS_ENDPOINT_URL: z.url({ error: 'a URL such as http://127.0.0.1:4566' }).optional(),
  AWS_REGION: z.string().default('us-east-1'),
});

/** Parsed settings, by the names of their environment variables. */
export type Config = z.infer<typeof settings>;

/** The names of all settings, for the test that compares them with the template. */
export const SETTING_NAMES = Object.keys(settings.shape) as readonly (keyof Config)[];

/** The environment, parsed. Throws a ConfigError that lists every problem at once. */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const present = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = settings.safeParse(present);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => {
        const name = String(issue.path[0]);
        const value = present[name];
        return value === undefined
          ? `${name} is not set: ${issue.message}`
          : `${name}=${shown(name, value)}: ${issue.message}`;
      });
  if (present['CLOCK'] === 'schedule' && !present['AWS_ENDPOINT_URL']) {
    problems.push(
      'CLOCK="schedule": only for tests against a local endpoint; set AWS_ENDPOINT_URL, too, or remove CLOCK',
    );
  }
  if (present['INCLUDE_LINKED_ACCOUNTS'] === 'true' && !present['ACCOUNT_ID']) {
    problems.push(
      'INCLUDE_LINKED_ACCOUNTS="true": set ACCOUNT_ID, too, or own metrics cannot be told from those of linked accounts',
    );
  }
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return parsed.data;
}

/** What holds for a key of which the policy document says nothing. */
export const policyDefaults = (config: Config): Policy['defaults'] => ({
  sensitivity: config.SENSITIVITY,
  pageUsdPerHour: config.PAGE_USD_PER_HOUR,
  noticeUsdPerHour: config.NOTICE_USD_PER_HOUR,
});

/** The settings of a deployment without parameters. */
export const shippedConfig = (): Config => parseConfig({ TABLE_NAME: 'none-needed' });

/** What then holds for a key of which the policy document says nothing. */
export const shippedPolicyDefaults = (): Policy['defaults'] => policyDefaults(shippedConfig());

/** Settings that cannot be used, all of them. */
export class ConfigError extends Error {
  override name = 'ConfigError' as const;
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length} problem(s):\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

/** Settings that let whoever knows them act: never printed. */
const SECRETS: ReadonlySet<string> = new Set<keyof Config>(['SLACK_WEBHOOK_URL']);

/** A value as a problem may quote it; of a secret the host at most, which is no secret and finds most mistakes. */
function shown(name: string, value: string): string {
  if (!SECRETS.has(name)) return JSON.stringify(value);
  const host = URL.canParse(value) ? new URL(value).host : '';
  return host ? `(hidden, host ${host})` : '(hidden)';
}

/** Whether the runtime knows an IANA time zone of this name. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
