import type { Event } from '@aws-sdk/client-cloudtrail';
import * as z from 'zod/mini';
import type { TrailUse } from '../../app/doctor/account-probe.ts';
import { isUseOperation } from '../../domain/callers/key-event.ts';
import { parseKeyArn } from '../../domain/usage/key.ts';

const text = z.catch(z.optional(z.string()), undefined);

/** The part of a CloudTrail record that says which keys were used, and when. */
const record = z.object({
  eventName: z.string(),
  eventTime: z.string(),
  errorCode: text,
  resources: z.catch(z.nullish(z.array(z.object({ ARN: text }))), undefined),
});

/** The use of keys in an event of LookupEvents; undefined for what only manages keys, and for what cannot be read. */
export function parseTrailUse({ CloudTrailEvent }: Event): TrailUse | undefined {
  const { data } = z.safeParse(record, jsonOf(CloudTrailEvent));
  const at = Date.parse(data?.eventTime ?? '') / 1000;
  if (!data || Number.isNaN(at) || !isUseOperation(data.eventName)) return undefined;
  return {
    at,
    operation: data.eventName,
    succeeded: data.errorCode === undefined,
    keyArns: (data.resources ?? []).flatMap(({ ARN = '' }) => parseKeyArn(ARN) ?? []),
  };
}

function jsonOf(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? '');
  } catch {
    return undefined;
  }
}
