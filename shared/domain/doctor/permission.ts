import type { IamStatement } from './finding.ts';

/**
 * Calls that only read and that the detector needs, and the statement of the template that allows each
 * (docs/permissions.md).
 */
export const READING_CALLS = {
  'cloudwatch:ListMetrics': 'ReadKeyUsage',
  'cloudwatch:GetMetricData': 'ReadKeyUsage',
  'kms:ListAliases': 'ReadKeyNames',
  'kms:DescribeKey': 'ReadKeySpecs',
  'kms:GetKeyLastUsage': 'FindLastUse',
  'cloudtrail:LookupEvents': 'FindCallers',
  'servicequotas:ListServiceQuotas': 'ReadQuotas',
  'dynamodb:GetItem': 'KeepState',
  'dynamodb:Query': 'KeepState',
} as const;

/** A call that the detector needs, as IAM names it. */
export type ReadingCall = keyof typeof READING_CALLS;

/** The statement to add for a denied call, on the resource that AWS's refusal names, else on all. */
export const missingStatement = (action: ReadingCall, refusal: string): IamStatement => ({
  Sid: READING_CALLS[action],
  Effect: 'Allow',
  Action: [action],
  Resource: resourceIn(refusal) ?? '*',
});

/** AWS writes `... is not authorized to perform: a:B on resource: arn:... because ...`. Calls without resources have `*`. */
const resourceIn = (refusal: string): string | undefined =>
  /on resource: (arn:[\w:/.*+=@-]+)/.exec(refusal)?.[1];

/** A refusal that no statement of the caller's own policy mends. */
export const isBeyondIam = (refusal: string): boolean =>
  /resource-based policy|service control policy|explicit deny/.test(refusal);
