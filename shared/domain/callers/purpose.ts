import { bounded, type KeyEvent } from './key-event.ts';

/** What one call was for. */
export interface PurposeOfCall {
  readonly context: string;
  /** Cut, so that calls for the same thing have the same value. */
  readonly value: string;
  /** As it came; differs from `value` where something was cut off. */
  readonly whole: string;
  /** Whether the context is one of AWS's own, whose values name resources. */
  readonly isKnown: boolean;
}

const MAX_CONTEXT = 128;
const MAX_VALUE = 256;
/** Pairs of an application's own context that are looked at. */
const MAX_PAIRS = 3;

const whole = (value: string): string => value;
/** `arn:aws:s3:::bucket/object` to its bucket. */
const bucket = (value: string): string => value.split('/', 1)[0] ?? value;
/** A function's ARN without its version. */
const unqualified = (value: string): string => value.split(':').slice(0, 7).join(':');

/**
 * The encryption contexts by which AWS's services name what they encrypt, and how their values are cut. Where an
 * event has several, the first of these counts: the others only say more of the same thing.
 */
const KNOWN: ReadonlyMap<string, (value: string) => string> = new Map([
  ['aws:s3:arn', bucket],
  ['aws:lambda:FunctionArn', unqualified],
  ['aws:ebs:id', whole],
  ['aws:dynamodb:tableName', whole],
  ['SecretARN', whole],
  ['PARAMETER_ARN', whole],
  ['aws:sqs:arn', whole],
  ['aws:sns:topicArn', whole],
  ['aws:logs:arn', whole],
  ['aws:kinesis:arn', whole],
  ['aws:rds:db-id', whole],
  ['aws:cloudtrail:arn', whole],
]);

/** The AWS Encryption SDK's signature keys: new with each message, and no purpose. */
const NO_PURPOSE: ReadonlySet<string> = new Set(['aws-crypto-public-key']);

/** What a call was for, by its encryption context: one purpose if AWS made the context, else one for each pair. */
export function purposesOf({ encryptionContext }: KeyEvent): readonly PurposeOfCall[] {
  for (const [context, cut] of KNOWN) {
    const value = Object.hasOwn(encryptionContext, context) ? encryptionContext[context] : undefined;
    if (value !== undefined)
      return [{ context, value: bounded(cut(value), MAX_VALUE), whole: value, isKnown: true }];
  }
  return Object.entries(encryptionContext)
    .filter(([context]) => !NO_PURPOSE.has(context))
    .slice(0, MAX_PAIRS)
    .map(([context, value]) => ({
      context: bounded(context, MAX_CONTEXT),
      value: bounded(value, MAX_VALUE),
      whole: value,
      isKnown: false,
    }));
}
