import type { KeyEvent, UserIdentity } from '../../shared/domain/callers/key-event.ts';

const ACCOUNT = '111122223333';

/** A session of a role. */
export const aRole = (name: string, session = 'job', account = ACCOUNT): UserIdentity => ({
  type: 'AssumedRole',
  arn: `arn:aws:sts::${account}:assumed-role/${name}/${session}`,
  accountId: account,
  principalId: `AROAEXAMPLE:${session}`,
  issuer: { arn: `arn:aws:iam::${account}:role/${name}`, accountId: account, userName: name },
});

let made = 0;

/** A successful Decrypt by `role/etl`, unless told otherwise. */
export const aKeyEvent = (more: Partial<KeyEvent> = {}): KeyEvent => ({
  id: `event-${++made}`,
  at: 1_795_600_000,
  operation: 'Decrypt',
  identity: aRole('etl'),
  encryptionContext: {},
  ...more,
});

/** `count` equal events. */
export const keyEvents = (count: number, more: Partial<KeyEvent> = {}): KeyEvent[] =>
  Array.from({ length: count }, () => aKeyEvent(more));
