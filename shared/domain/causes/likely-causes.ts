import type { Cause, CauseEvidence } from './cause.ts';
import type { Finding, Rule } from './rule.ts';
import { RULES } from './rules.ts';

/** More than this is a list of everything that could be, and no help at night. */
const MOST_CAUSES = 3;

/**
 * Why a key's use ran away, most certain first, at most three. Empty where no rule fits: the message then says that it
 * does not know. What is merely possible is left out beside what is likely. Faults come before mere ways of use, and
 * among those the one that explains more of what was seen.
 */
export function likelyCauses(evidence: CauseEvidence): readonly Cause[] {
  const found = RULES.flatMap((rule) => {
    const finding = rule.find(evidence);
    return finding ? [{ rule, finding }] : [];
  });
  const isLikely = ({ finding }: Found): boolean => finding.certainty === 'likely';
  const told = found.some(isLikely) ? found.filter(isLikely) : found;
  return told.toSorted(byHelp).slice(0, MOST_CAUSES).map(asCause);
}

interface Found {
  readonly rule: Rule;
  readonly finding: Finding;
}

const byHelp = (one: Found, other: Found): number =>
  Number(one.rule.kind === 'use') - Number(other.rule.kind === 'use') ||
  other.finding.weight - one.finding.weight;

function asCause({ rule, finding }: Found): Cause {
  const { id, title, fix, source, saves } = rule;
  const { certainty, because, explains, command } = finding;
  const savedShare = { low: saves.low * explains.low, high: saves.high * explains.high, why: saves.why };
  return {
    id,
    title,
    certainty,
    because,
    fix,
    savedShare,
    source,
    ...(command !== undefined && { command }),
  };
}
