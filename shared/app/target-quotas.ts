import type { KeyDirectory } from '../domain/assess/key-facts.ts';
import { type Quota, type QuotaGroup, quotasOf } from '../domain/assess/quota.ts';
import { type Target, targetName } from '../domain/usage/key.ts';
import type { DetectSettings } from './detect-request.ts';

/** The request quotas of an account and Region: as last read there, else as documented for the Region. */
export function quotasOfTarget(
  target: Target,
  { quotas, otherQuotas }: Pick<KeyDirectory, 'quotas' | 'otherQuotas'>,
  { quota, origin }: Pick<DetectSettings, 'quota' | 'origin'>,
): (group: QuotaGroup) => Quota {
  const name = targetName(target);
  const applied = name === origin.region ? quotas : otherQuotas?.get(name);
  return quotasOf(applied, (group) => quota(group, target.region));
}
