import { factsOf, keyLabel } from '../domain/assess/key-facts.ts';
import type { Callers } from '../domain/callers/callers.ts';
import type { Cause } from '../domain/causes/cause.ts';
import type { KeyArn, Operation } from '../domain/usage/key.ts';
import { figureLine } from './email.ts';
import { trailCost } from './figures.ts';
import { causeFigures, sampleFigures } from './insight-story.ts';
import { count, times, usd } from './number.ts';
import { operationName } from './operation-text.ts';
import type { Figure } from './story.ts';
import { plain, wrap } from './text.ts';

/** What was found out about a key, as far as the text tells it. */
export interface DiagnosisFacts {
  readonly keyArn: KeyArn;
  readonly aliases: readonly string[];
  readonly description?: string;
  readonly from: string;
  readonly to: string;
  readonly operations: readonly {
    readonly operation: Operation;
    readonly requests: number;
    readonly requestsWeekBefore: number;
    readonly usd: number;
  }[];
  readonly requests: number;
  readonly usd: number;
  readonly usdPerMonth: { readonly low: number; readonly high: number };
  readonly callers: Callers;
  readonly causes: readonly Cause[];
  readonly notKnown: readonly string[];
}

const COLUMNS = 72;

const HOURS_A_DAY = 24;

/** A diagnosis for the terminal: who, what for, how much, why, and what ends it. */
export function diagnosisText(facts: DiagnosisFacts): string {
  const { callers, causes, usd: dayUsd, usdPerMonth } = facts;
  const { low, high } = usdPerMonth;
  const name = plain(keyLabel(factsOf({ keys: new Map([[facts.keyArn, facts]]) }, facts.keyArn)), 64);
  const month = high > low * 1.01 ? `${usd(low)} to ${usd(high)}` : usd(low);
  const figures: Figure[] = [
    { label: 'Cost', text: `${usd(dayUsd)} in the day to ${facts.to}; ${month} in a month of such days.` },
    ...trailCost(facts.requests, HOURS_A_DAY, 'a day'),
    ...facts.operations.map(useFigure),
    ...(callers.kind === 'known' ? sampleFigures(callers.sample, facts.keyArn) : []),
    ...causes.flatMap((cause) => causeFigures(cause, dayUsd / HOURS_A_DAY)),
    ...facts.notKnown.map((what) => ({ label: 'Not known', text: `${plain(what, 300)}.` })),
  ];
  const commands = causes.flatMap(({ command }) =>
    command ? [`Fix (paste into a shell):\n${command}`] : [],
  );
  return [
    wrap(`${name}: ${count(facts.requests)} requests a day, ${month} a month`, COLUMNS),
    figures.map(figureLine).join('\n'),
    ...commands,
    facts.keyArn,
    '',
  ].join('\n\n');
}

function useFigure({
  operation,
  requests,
  requestsWeekBefore,
}: DiagnosisFacts['operations'][number]): Figure {
  const trend =
    requestsWeekBefore > 0
      ? `${times(requests / requestsWeekBefore)} the same day a week before`
      : 'new since a week';
  return { label: 'Use', text: `${operationName(operation)} ${count(requests)}, ${trend}.` };
}
