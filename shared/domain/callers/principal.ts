import { bounded, type KeyEvent, type UserIdentity } from './key-event.ts';

/** Who called, by the name people know: see `Caller`. */
export interface Principal {
  readonly name: string;
  readonly arn?: string;
  readonly account?: string;
  readonly via?: string;
}

const MAX_NAME = 128;
const MAX_ARN = 300;

const SERVICE = /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/;
const ROLE_SESSION = /^arn:[^:]*:sts:[^:]*:\d*:assumed-role\/([^/]+)\//;

/**
 * The caller of an event. A role is one caller, however many sessions it has: its name and ARN are those of the role
 * that issued the session (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html).
 */
export function principalOf({ identity, source }: KeyEvent): Principal {
  const service = serviceOf(identity, source);
  if (identity.type === 'AWSService') return { name: bounded(service ?? 'an AWS service', MAX_NAME) };
  const arn = identity.issuer?.arn ?? identity.arn;
  const account = identity.issuer?.accountId ?? identity.accountId;
  return {
    name: bounded(nameOf(identity, arn), MAX_NAME),
    ...(arn ? { arn: bounded(arn, MAX_ARN) } : {}),
    ...(account ? { account: bounded(account, 12) } : {}),
    ...(service ? { via: bounded(service, MAX_NAME) } : {}),
  };
}

/** The service that made the call. Some events only tell by the source, and `AWS Internal` is no service's name. */
function serviceOf({ type, invokedBy }: UserIdentity, source: string | undefined): string | undefined {
  if (invokedBy && SERVICE.test(invokedBy)) return invokedBy;
  if (source && SERVICE.test(source)) return source;
  return type === 'AWSService' ? invokedBy : undefined;
}

function nameOf(identity: UserIdentity, arn: string | undefined): string {
  const { type, issuer, userName, accountId, principalId } = identity;
  if (type === 'Root' || arn?.endsWith(':root')) return 'root';
  const session = ROLE_SESSION.exec(arn ?? '');
  if (session) return `role/${session[1]}`;
  const resource = arn?.split(':').slice(5).join(':') ?? '';
  // A path before the name is for sorting only: names are unique without it.
  const named = /^(role|user|federated-user)\/(?:.*\/)?([^/]+)$/.exec(resource);
  if (named) return `${named[1]}/${named[2]}`;
  const user = issuer?.userName ?? userName;
  if (user) return `${type === 'AssumedRole' ? 'role' : 'user'}/${user}`;
  if (accountId) return `account/${accountId}`;
  return principalId ? `principal/${principalId}` : 'unknown';
}
