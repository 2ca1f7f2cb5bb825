import { type KeyArn, parseKeyArn } from '../../shared/domain/usage/key.ts';

/** The nth key of an account. */
export function aKeyArn(n: number, account = '111122223333', region = 'eu-central-1'): KeyArn {
  const id = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const keyArn = parseKeyArn(`arn:aws:kms:${region}:${account}:key/${id}`);
  if (!keyArn) throw new RangeError(`no key ARN for ${account} in ${region}`);
  return keyArn;
}
