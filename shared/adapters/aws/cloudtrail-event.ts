import type { Event } from '@aws-sdk/client-cloudtrail';
import * as z from 'zod/mini';
import type { KeyEvent } from '../../domain/callers/key-event.ts';
import { type KeyArn, keyArnParts } from '../../domain/usage/key.ts';

/** Pairs of an encryption context that are kept. */
const MAX_PAIRS = 20;

/** What is of another type than expected counts as missing: an odd detail must not cost the event. */
const text = z.catch(z.optional(z.string()), undefined);
const unknownRecord = z.record(z.string(), z.unknown());

const identity = z.object({
  type: text,
  arn: text,
  accountId: text,
  userName: text,
  principalId: text,
  invokedBy: text,
  sessionContext: z.catch(
    z.optional(
      z.object({
        sessionIssuer: z.catch(
          z.optional(z.object({ arn: text, accountId: text, userName: text })),
          undefined,
        ),
      }),
    ),
    undefined,
  ),
});

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
const record = z.object({
  eventID: z.string(),
  eventName: z.string(),
  eventTime: z.string(),
  userIdentity: z.catch(z.optional(identity), undefined),
  errorCode: text,
  sourceIPAddress: text,
  userAgent: text,
  requestParameters: z.catch(
    z.nullish(z.object({ encryptionContext: z.catch(z.nullish(unknownRecord), undefined) })),
    undefined,
  ),
  resources: z.catch(z.nullish(z.array(z.object({ ARN: text }))), undefined),
});

/** An event of LookupEvents as far as it is about one key. */
export type ParsedKeyEvent =
  | { readonly kind: 'event'; readonly event: KeyEvent }
  /** It names its keys, and this one is not among them. */
  | { readonly kind: 'ofAnotherKey' }
  | { readonly kind: 'unreadable' };

/** Reads the JSON in an event of LookupEvents. Whoever calls KMS writes parts of it. */
export function parseKeyEvent({ CloudTrailEvent }: Event, keyArn: KeyArn): ParsedKeyEvent {
  const parsed = z.safeParse(record, jsonOf(CloudTrailEvent));
  if (!parsed.success) return { kind: 'unreadable' };
  const { userIdentity, resources, ...fields } = parsed.data;
  const at = Date.parse(fields.eventTime) / 1000;
  if (Number.isNaN(at)) return { kind: 'unreadable' };
  const named = (resources ?? []).flatMap(({ ARN }) => (ARN === undefined ? [] : [ARN]));
  if (named.length > 0 && !named.some((arn) => isOf(arn, keyArn))) return { kind: 'ofAnotherKey' };
  const { sessionContext, ...who } = userIdentity ?? {};
  return {
    kind: 'event',
    event: {
      id: fields.eventID,
      at,
      operation: fields.eventName,
      errorCode: fields.errorCode,
      identity: { ...who, issuer: sessionContext?.sessionIssuer },
      source: fields.sourceIPAddress,
      userAgent: fields.userAgent,
      encryptionContext: contextOf(fields.requestParameters?.encryptionContext),
    },
  };
}

/** Undefined for what is no JSON. */
function jsonOf(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? '');
  } catch {
    return undefined;
  }
}

/** Events name a key by its ARN; where it is only the id, the id decides. */
const isOf = (name: string, keyArn: KeyArn): boolean => name === keyArn || name === keyArnParts(keyArn).keyId;

const contextOf = (context: Readonly<Record<string, unknown>> | null | undefined): Record<string, string> =>
  Object.fromEntries(
    Object.entries(context ?? {})
      .flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name, value]] : []))
      .slice(0, MAX_PAIRS),
  );
