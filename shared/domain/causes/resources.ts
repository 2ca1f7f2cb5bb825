import type { Purpose } from '../callers/callers.ts';

/** What an encryption context names, and the names that AWS allows for it. */
interface ResourceKind {
  readonly noun: string;
  /** The first group is the name. */
  readonly name: RegExp;
}

/**
 * Whoever may use the key writes the encryption context, so a value is shown and pasted only if AWS allows it as a
 * name. No name may begin with `-`: a command would take it for an option.
 */
const KINDS: ReadonlyMap<string, ResourceKind> = new Map([
  ['aws:s3:arn', { noun: 'bucket', name: /^arn:aws[a-z-]*:s3:::([A-Za-z0-9][A-Za-z0-9._-]{2,254})(?:\/|$)/ }],
  [
    'aws:lambda:FunctionArn',
    {
      noun: 'function',
      name: /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:([A-Za-z0-9_][A-Za-z0-9_-]{0,139})(?::[A-Za-z0-9$_-]+)?$/,
    },
  ],
  [
    'aws:sqs:arn',
    {
      noun: 'queue',
      name: /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:([A-Za-z0-9_][A-Za-z0-9_-]{0,79}(?:\.fifo)?)$/,
    },
  ],
  ['aws:dynamodb:tableName', { noun: 'table', name: /^([A-Za-z0-9_][A-Za-z0-9_.-]{2,254})$/ }],
  ['aws:ebs:id', { noun: 'volume', name: /^((?:vol|snap)-[0-9a-f]{8,17})$/ }],
  [
    'PARAMETER_ARN',
    {
      noun: 'parameter',
      name: /^arn:aws[a-z-]*:ssm:[a-z0-9-]+:\d{12}:parameter(\/?[A-Za-z0-9_][A-Za-z0-9_./-]{0,1010})$/,
    },
  ],
  [
    'SecretARN',
    {
      noun: 'secret',
      name: /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:([A-Za-z0-9_/][A-Za-z0-9/_+=.@-]{0,520})$/,
    },
  ],
]);

/** Name of what a request was for, such as that of a bucket; undefined where AWS allows no such name. */
export const resourceName = ({ context, value }: Pick<Purpose, 'context' | 'value'>): string | undefined =>
  KINDS.get(context)?.name.exec(value)?.[1];

/** `bucket lake`, `queue orders`; undefined where there is no name. */
export function resourceText(purpose: Purpose): string | undefined {
  const name = resourceName(purpose);
  return name === undefined ? undefined : `${KINDS.get(purpose.context)?.noun} ${name}`;
}

/** A caller's name as people know it; a role may be called anything that IAM allows, and nothing else is repeated. */
export const callerText = (name: string): string =>
  /^[\w+=,.@/:-]{1,150}$/.test(name) ? name : 'one caller';
