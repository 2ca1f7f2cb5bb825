import { shellWord } from '../shell-word.ts';
import { type KeyArn, keyArnParts } from '../usage/key.ts';

/** A line of the AWS CLI. The command is ours; every value is quoted, whatever it holds. */
export const awsLine = (command: string, options: Readonly<Record<string, string>>): string =>
  ['aws', command, ...Object.entries(options).map(([name, value]) => `--${name} ${shellWord(value)}`)].join(
    ' ',
  );

/** Region of a key, and so of everything that AWS services encrypt with it. */
export const regionOf = (keyArn: KeyArn): string => keyArnParts(keyArn).region;

/** Domains of the service endpoints, by partition. Elsewhere no line is better than a wrong one. */
const ENDPOINT_DOMAINS: ReadonlyMap<string, string> = new Map([
  ['aws', 'amazonaws.com'],
  ['aws-us-gov', 'amazonaws.com'],
  ['aws-cn', 'amazonaws.com.cn'],
]);

/** URL of the queue with this ARN, which has been checked; undefined in a partition whose endpoints are not known. */
export function queueUrl(region: string, queueArn: string): string | undefined {
  const [, partition = '', , , account, name] = queueArn.split(':');
  const domain = ENDPOINT_DOMAINS.get(partition);
  return domain && `https://sqs.${region}.${domain}/${account}/${name}`;
}
