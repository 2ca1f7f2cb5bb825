import type { PermissionFinding } from '../../domain/doctor/finding.ts';
import {
  isBeyondIam,
  missingStatement,
  READING_CALLS,
  type ReadingCall,
} from '../../domain/doctor/permission.ts';
import type { KeyArn } from '../../domain/usage/key.ts';
import { DAY_SECONDS } from '../../domain/usage/time.ts';
import type { Probed } from './account-probe.ts';
import { type Look, NoAnswerError } from './look.ts';

/** What the detector's table is asked, where there is one. Throws what the store throws. */
export type StoreCalls = Readonly<Record<'dynamodb:GetItem' | 'dynamodb:Query', () => Promise<unknown>>>;

/** Tries each call that the detector needs to read, by the cheapest question there is. */
export async function tryCalls(look: Look, stores: StoreCalls | undefined): Promise<PermissionFinding[]> {
  const { probe } = look.ports;
  const keyArn = await someKey(look);
  const ofKey = (ask: (keyArn: KeyArn) => Promise<Probed<unknown>>) => () =>
    keyArn === undefined ? Promise.resolve(NO_KEY) : ask(keyArn);
  const to = Math.floor(look.asOf / 60) * 60;
  const calls: Record<ReadingCall, (() => Promise<Probed<unknown>>) | undefined> = {
    'cloudwatch:ListMetrics': () => asProbed(look.listed()),
    'cloudwatch:GetMetricData': () =>
      probe.readMinutes(
        [{ metric: { kind: 'callCount', resource: look.callCount }, stat: 'Sum' }],
        to - 600,
        to,
      ),
    'kms:ListAliases': () => asProbed(look.aliases()),
    'kms:DescribeKey': ofKey((key) => probe.describeKey(key)),
    'kms:GetKeyLastUsage': ofKey((key) => probe.lastUse(key)),
    'cloudtrail:LookupEvents': () =>
      probe.trail(
        { attribute: 'EventSource', value: 'kms.amazonaws.com' },
        { from: look.asOf - DAY_SECONDS, to: look.asOf },
      ),
    'servicequotas:ListServiceQuotas': () => asProbed(look.quotas()),
    'dynamodb:GetItem': stores && (() => asProbed(stores['dynamodb:GetItem']())),
    'dynamodb:Query': stores && (() => asProbed(stores['dynamodb:Query']())),
  };
  const findings: PermissionFinding[] = [];
  for (const action of Object.keys(READING_CALLS) as ReadingCall[]) {
    const call = calls[action];
    if (call) findings.push(findingOf(action, await call()));
  }
  return findings;
}

const NO_KEY = {
  kind: 'failed',
  fault: 'incomplete',
  detail: 'there is no key of this account to ask about',
} as const;

/** A key of the account itself: a key of another one may be closed to us for good reasons. */
async function someKey(look: Look): Promise<KeyArn | undefined> {
  const busy = await look.busyOwn().catch(() => undefined);
  if (busy) return busy.keyArn;
  const aliases = await look.aliases().catch(() => new Map<KeyArn, readonly string[]>());
  const [first] = aliases.keys();
  if (first) return first;
  const uses = await look.uses().catch(() => []);
  return uses.flatMap(({ metric }) => (metric.kind === 'key' ? [metric.keyArn] : []))[0];
}

const DENIED = /AccessDenied|NotAuthorized|not authorized|UnauthorizedOperation|AuthorizationError/i;

function findingOf(action: ReadingCall, probed: Probed<unknown>): PermissionFinding {
  if (probed.kind === 'answered') return { action, verdict: 'allowed', evidence: 'answered' };
  const { detail } = probed;
  if (!DENIED.test(detail)) return { action, verdict: 'unknown', evidence: detail };
  return {
    action,
    verdict: 'denied',
    evidence: detail,
    ...(isBeyondIam(detail) ? {} : { statement: missingStatement(action, detail) }),
  };
}

/** An answer that the questions have had already, or a store's. */
const asProbed = (asked: Promise<unknown>): Promise<Probed<unknown>> =>
  asked.then(
    (answer) => ({ kind: 'answered', answer }),
    (error: unknown) => ({
      kind: 'failed',
      fault: 'unreachable',
      detail:
        error instanceof NoAnswerError
          ? error.detail
          : error instanceof Error
            ? `${error.name}: ${error.message}`
            : String(error),
    }),
  );
