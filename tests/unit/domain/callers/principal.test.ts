import { describe, expect, it } from 'vitest';
import type { KeyEvent, UserIdentity } from '../../../../shared/domain/callers/key-event.ts';
import { principalOf } from '../../../../shared/domain/callers/principal.ts';
import { aKeyEvent, aRole } from '../../../support/key-events.ts';

const ACCOUNT = '111122223333';
const principal = (identity: UserIdentity, more: Partial<KeyEvent> = {}) =>
  principalOf(aKeyEvent({ identity, ...more }));

describe('the name of a caller', () => {
  it('is that of the role, not of its session', () => {
    expect(principal(aRole('etl', 'i-0123456789'))).toEqual({
      name: 'role/etl',
      arn: `arn:aws:iam::${ACCOUNT}:role/etl`,
      account: ACCOUNT,
    });
  });

  it('is without the path of the role', () => {
    const arn = `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1`;

    expect(principal({ type: 'AssumedRole', issuer: { arn } }).name).toBe('role/AWSReservedSSO_Admin_1');
  });

  it('comes from the session where nobody says who issued it', () => {
    const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/etl/job`;

    expect(principal({ type: 'AssumedRole', arn })).toEqual({ name: 'role/etl', arn });
  });

  it.each<[string, UserIdentity]>([
    ['user/anna', { type: 'IAMUser', arn: `arn:aws:iam::${ACCOUNT}:user/staff/anna`, userName: 'anna' }],
    ['user/anna', { type: 'IAMUser', userName: 'anna' }],
    ['role/etl', { type: 'AssumedRole', issuer: { userName: 'etl' } }],
    ['root', { type: 'Root', arn: `arn:aws:iam::${ACCOUNT}:root` }],
    ['account/444455556666', { type: 'AWSAccount', accountId: '444455556666', principalId: 'AROAEX:job' }],
    ['principal/AROAEX:job', { type: 'SomethingNew', principalId: 'AROAEX:job' }],
    ['unknown', {}],
  ])('is %s', (name, identity) => {
    expect(principal(identity).name).toBe(name);
  });

  it('is the service for a service that acts on its own', () => {
    expect(principal({ type: 'AWSService', invokedBy: 'logs.amazonaws.com' })).toEqual({
      name: 'logs.amazonaws.com',
    });
    expect(principal({ type: 'AWSService' }).name).toBe('an AWS service');
  });

  it('says which service called for a role', () => {
    expect(principal({ ...aRole('etl'), invokedBy: 's3.amazonaws.com' })).toMatchObject({
      name: 'role/etl',
      via: 's3.amazonaws.com',
    });
    expect(
      principal({ ...aRole('etl'), invokedBy: 'AWS Internal' }, { source: 'ebs.amazonaws.com' }).via,
    ).toBe('ebs.amazonaws.com');
    expect(principal(aRole('etl'), { source: '192.0.2.7' })).not.toHaveProperty('via');
  });

  it('is short and whole characters, whatever was written', () => {
    const { name, account, arn } = principal({
      type: 'IAMUser',
      userName: '😀'.repeat(9000),
      accountId: '1'.repeat(9000),
      arn: 'x'.repeat(9000),
    });

    expect([name.length, account?.length, arn?.length]).toEqual([127, 12, 300]);
    expect(name).not.toMatch(/\p{Surrogate}/u);
  });
});
