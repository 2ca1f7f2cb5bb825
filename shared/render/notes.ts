import { PRICES } from '../domain/assess/price.ts';
import { entryOf } from '../domain/entry-of.ts';
import type { IncidentFacts } from '../domain/incident/incident.ts';
import type { Insight } from '../domain/incident/insight.ts';
import type { Link } from './console-links.ts';
import { unknownCallers } from './insight-story.ts';
import { NEARLY_FULL } from './quota-state.ts';
import type { Figure } from './story.ts';
import { plain } from './text.ts';

const ASSUMPTIONS: Readonly<Record<string, string>> = {
  quota: "the Region's documented quota (this account's own may be higher)",
  quotaOld: 'the request quota as read more than two days ago',
  spec: 'a symmetric key (its type is not known yet)',
};

/** What was taken for granted of the request quota. */
export const quotaAssumptions = ({ assumed }: IncidentFacts): string[] =>
  ['quota', 'quotaOld']
    .filter((name) => assumed.includes(name))
    .flatMap((name) => entryOf(ASSUMPTIONS, name) ?? []);

/** What was taken as documented. Prices always are, unless the policy document has its own. */
export function assumptions({ assumed }: IncidentFacts): Figure[] {
  const prices = assumed.includes('ownPrice')
    ? 'the prices of your policy document'
    : `AWS list prices (us-east-1, ${PRICES.readOn})`;
  const others = assumed
    .filter((name) => name !== 'price' && name !== 'ownPrice')
    .slice(0, 4)
    .map((name) => entryOf(ASSUMPTIONS, name) ?? plain(name, 64));
  return [{ label: 'Assumed', text: `${[prices, ...others].join('; ')}.` }];
}

/** What the message cannot say, and where it can be looked up; nothing if nothing is missing. */
export function unknowns(
  { regionQuotaShare }: IncidentFacts,
  isOver: boolean,
  links: readonly Link[],
  insight: Insight | undefined,
  unseen?: string,
): Figure[] {
  const missing = [
    ...callersMissing(isOver, links, insight),
    ...(unseen === undefined ? [] : [plain(unseen, 250)]),
    ...(regionQuotaShare >= NEARLY_FULL ? ['how many requests KMS refused'] : []),
    ...(insight?.callers.kind === 'known' && insight.causes.length === 0
      ? ['the cause: no known pattern fits']
      : []),
  ];
  return missing.length === 0 ? [] : [{ label: 'Not known', text: `${missing.join('; ')}.` }];
}

function callersMissing(isOver: boolean, links: readonly Link[], insight: Insight | undefined): string[] {
  if (insight?.callers.kind === 'known') return [];
  const why = unknownCallers(insight);
  if (why) return [why];
  const where = links.length > 0 ? 'the CloudTrail link' : "CloudTrail's event history";
  return [`who ${isOver ? 'called' : 'is calling'} (${where} shows calls about 15 min after they are made)`];
}
