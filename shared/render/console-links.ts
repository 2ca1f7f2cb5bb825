import type { KeyFacts } from '../domain/assess/key-facts.ts';
import { CALL_COUNT_RESOURCES, type QuotaGroup } from '../domain/assess/quota.ts';
import {
  type KeyArn,
  keyArnParts,
  type Operation,
  REENCRYPT_DESTINATION,
  REENCRYPT_SOURCE,
} from '../domain/usage/key.ts';
import { BIN_SECONDS, type EpochSeconds, isoTime } from '../domain/usage/time.ts';

/** A page of the AWS console. The label is ours, never text from the account. */
export interface Link {
  readonly label: string;
  readonly url: string;
}

/** Consoles that people can reach from a browser, by partition. Elsewhere no link is better than a wrong one. */
const CONSOLE_DOMAINS: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
  'aws-eusc': 'console.amazonaws-eusc.eu',
};

/** Operations drawn in one graph: a key has about a dozen, and a URL has to stay short enough for every mail program. */
const MAX_GRAPHED = 6;

/** A link to a page of a service in the key's Region; none where there is no console, or the ARN is none. */
function linkTo(label: string, keyArn: KeyArn, service: string, fragment: () => string): Link[] {
  const { partition, region } = keyArnParts(keyArn);
  const domain = CONSOLE_DOMAINS[partition];
  return domain
    ? [{ label, url: `https://${region}.${domain}/${service}/home?region=${region}#${fragment()}` }]
    : [];
}

/** The key's own page: AWS managed keys have a list of their own. */
export function keyLink({ keyArn, manager }: KeyFacts): Link[] {
  const { keyId } = keyArnParts(keyArn);
  const list = manager === 'AWS' ? 'defaultKeys' : 'keys';
  return linkTo('Key in the KMS console', keyArn, 'kms', () => `/kms/${list}/${keyId}`);
}

/**
 * CloudTrail's event history of the key: each event names its caller. Without an end all events are asked for,
 * because the newest come first and arrive late.
 */
export function eventHistoryLink(keyArn: KeyArn, start: EpochSeconds, end: EpochSeconds | undefined): Link[] {
  const times = end === undefined ? {} : { StartTime: millisecondTime(start), EndTime: millisecondTime(end) };
  return linkTo('Callers in CloudTrail', keyArn, 'cloudtrailv2', () => {
    const query = Object.entries({ ResourceName: keyArn, ...times });
    return `/events?${query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;
  });
}

/** CloudWatch's graph of the operations, 5-minute sums over [start, end). */
export function graphLink(
  keyArn: KeyArn,
  operations: readonly Operation[],
  start: EpochSeconds,
  end: EpochSeconds,
): Link[] {
  const { region, keyId } = keyArnParts(keyArn);
  const metrics = operations
    .filter((operation) => /^[A-Za-z]{1,64}(:[a-z]{1,16})?$/.test(operation))
    .slice(0, MAX_GRAPHED)
    .map((operation, index, all) => metricOf(keyArn, operation, isPlainMetric(all[index - 1])));
  if (metrics.length === 0) return [];
  const graph = consoleValue({
    metrics,
    view: 'timeSeries',
    stacked: false,
    stat: 'Sum',
    period: BIN_SECONDS,
    region,
    start: millisecondTime(start),
    end: millisecondTime(end),
  });
  // The query keeps the last character a letter or digit: mail programs end a link before a closing bracket.
  // The query keeps the last character a letter or digit: mail programs end a link before a closing bracket.
  return linkTo(
    'Graph in CloudWatch',
    keyArn,
    'cloudwatch',
    () => `metricsV2:graph=${graph};query=${consoleValue(keyId)}`,
  );
}

/** CloudWatch's graph of what AWS counts against a quota, in the Region of the key. */
export function callCountLink(
  keyArn: KeyArn,
  group: QuotaGroup,
  start: EpochSeconds,
  end: EpochSeconds,
): Link[] {
  const { region } = keyArnParts(keyArn);
  const resource = CALL_COUNT_RESOURCES[group];
  if (resource === undefined) return [];
  const dimensions = ['Type', 'API', 'Resource', resource, 'Service', 'KMS', 'Class', 'None'];
  const graph = consoleValue({
    metrics: [['AWS/Usage', 'CallCount', ...dimensions]],
    view: 'timeSeries',
    stacked: false,
    stat: 'Sum',
    period: BIN_SECONDS,
    region,
    start: millisecondTime(start),
    end: millisecondTime(end),
  });
  return linkTo(
    'All requests in CloudWatch',
    keyArn,
    'cloudwatch',
    () => `metricsV2:graph=${graph};query=~%27KMS`,
  );
}

/** Where a higher request quota is asked for, in the Region of the key. */
export function quotaLink(keyArn: KeyArn): Link[] {
  const { partition, region } = keyArnParts(keyArn);
  const domain = CONSOLE_DOMAINS[partition];
  const url = `https://${region}.${domain}/servicequotas/home/services/kms/quotas`;
  return domain ? [{ label: 'Ask for a higher quota', url }] : [];
}

const millisecondTime = (at: EpochSeconds): string => isoTime(at).replace('Z', '.000Z');

const SIDES: Readonly<Record<Operation, string>> = {
  [REENCRYPT_SOURCE]: 'SourceKeyArn',
  [REENCRYPT_DESTINATION]: 'DestinationKeyArn',
};

const isPlainMetric = (operation: Operation | undefined): boolean =>
  operation !== undefined && SIDES[operation] === undefined;

/**
 * A metric as the console's graphs spell it: a dot repeats what the metric before it says in that place. A ReEncrypt
 * side is a search, because it sums over the other keys.
 */
function metricOf(keyArn: KeyArn, operation: Operation, repeats: boolean): ConsoleValue {
  const side = SIDES[operation];
  if (!side && repeats) return ['.', '.', '.', '.', '.', operation];
  if (!side) return ['AWS/KMS', 'SuccessfulRequest', 'KeyArn', keyArn, 'Operation', operation];
  const schema = '{AWS/KMS,SourceKeyArn,DestinationKeyArn,Operation}';
  const search = `SEARCH('${schema} MetricName="SuccessfulRequest" ${side}="${keyArn}"', 'Sum', ${BIN_SECONDS})`;
  return [{ expression: `SUM(${search})`, label: operation }];
}

type ConsoleValue =
  | string
  | number
  | boolean
  | readonly ConsoleValue[]
  | { readonly [name: string]: ConsoleValue };

/** A value in the notation that the CloudWatch console reads from its address. Quotes are percent-encoded for mail. */
function consoleValue(value: ConsoleValue): string {
  if (typeof value === 'string') return `~%27${escaped(value)}`;
  if (typeof value !== 'object') return `~${value}`;
  if (isList(value)) return `~(${value.map(consoleValue).join('')})`;
  const fields = Object.entries(value).map(([name, field]) => `${name}${consoleValue(field)}`);
  return `~(${fields.join('~')})`;
}

const isList = (value: readonly ConsoleValue[] | object): value is readonly ConsoleValue[] =>
  Array.isArray(value);

const escaped = (text: string): string =>
  text.replace(/[^A-Za-z0-9_.-]/g, (char) => {
    const code = char.charCodeAt(0);
    return code < 0x100
      ? `*${code.toString(16).padStart(2, '0')}`
      : `**${code.toString(16).padStart(4, '0')}`;
  });
