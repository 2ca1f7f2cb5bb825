import { BINS_PER_DAY } from '../../../shared/domain/usage/time.ts';
import type { Calendar } from './calendar.ts';
import type { Random } from './random.ts';

/** When a key lives, and what is new about it. */
export interface Life {
  readonly kind: 'old' | 'recent' | 'new' | 'runaway';
  /** Index of its first bin. */
  readonly birth: number;
}

/** Most keys are older than the recording; some were born in the last weeks, some while judged. */
export function lifeOf(runawayShare: number, { judgeFrom, bins }: Calendar, random: Random): Life {
  const fate = random.uniform();
  if (fate < 0.04) return { kind: 'recent', birth: judgeFrom - random.whole(1, 21) * BINS_PER_DAY };
  const birth = random.whole(judgeFrom + 12, bins - 2 * BINS_PER_DAY);
  if (fate < 0.06) return { kind: 'new', birth };
  return fate < 0.06 + 0.05 * runawayShare ? { kind: 'runaway', birth } : { kind: 'old', birth: 0 };
}

/** CloudWatch knows a key from its first request on, which of a weekly job may be days after its creation. */
export function firstUsed(life: Life, units: Float64Array): Life {
  if (life.kind !== 'new' && life.kind !== 'recent') return life;
  const later = units.subarray(life.birth).findIndex((value) => value > 0);
  return later < 0 ? life : { ...life, birth: life.birth + later };
}
