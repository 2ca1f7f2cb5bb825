import type { Caller, CallerSample } from '../callers/callers.ts';
import type { CauseEvidence } from './cause.ts';
import type { Portion } from './portion.ts';

const counted = (value: number): number => (Number.isFinite(value) && value > 0 ? value : 0);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + counted(value), 0);

/** All requests of the key an hour, now. */
export const requestsPerHour = ({ operations }: CauseEvidence): number =>
  sum(operations.map(({ perHour }) => perHour));

/** All requests of the key an hour, usually. */
export const usualPerHour = ({ operations }: CauseEvidence): number =>
  sum(operations.map(({ usualPerHour: usual }) => usual));

/** Share of the requests above what is usual: what a fix can end that leaves the usual work as it is. */
export function excess(evidence: CauseEvidence): Portion {
  const above = sum(evidence.operations.map((one) => counted(one.perHour) - counted(one.usualPerHour)));
  const share = above / Math.max(1, requestsPerHour(evidence));
  return { share, low: share, high: share };
}

/** Share of the requests now whose operation begins so: `ReEncrypt` covers both of its sides. */
export function operationShare(evidence: CauseEvidence, prefix: string): number {
  const such = evidence.operations.filter(({ operation }) => operation.startsWith(prefix));
  return sum(such.map(({ perHour }) => perHour)) / Math.max(1, requestsPerHour(evidence));
}

/** Successful and refused calls of a sample. */
export const callsSeen = (sample: CallerSample): number => sample.events + sum(Object.values(sample.refused));

/** Short name of the AWS service that a name stands for: `s3` for `s3.amazonaws.com`; undefined for people and roles. */
export const serviceOf = (name: string): string | undefined =>
  /^([a-z0-9-]+)(?:\.[a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?$/.exec(name)?.[1];

/** The service that calls KMS for this caller; undefined where none is named. */
export const serviceBehind = ({ name, via }: Caller): string | undefined =>
  serviceOf(via ?? '') ?? serviceOf(name);

/** Whether this is a role, a user or an account, and not a service that acts on its own. */
export const isIdentity = ({ name }: Caller): boolean =>
  /^(?:root$|(?:role|user|federated-user|account|principal)\/)/.test(name);

/** Whether a person or a program calls KMS itself. AWS may act for it without a name, as `AWS Internal`. */
export const isDirect = (caller: Caller): boolean =>
  isIdentity(caller) && caller.via === undefined && caller.source !== 'AWS Internal';
