import { describe, expect, it } from 'vitest';
import { RECORD } from '../../../../shared/domain/detection/baseline.ts';
import { newOutlook, type Outlook } from '../../../../shared/domain/detection/outlook.ts';
import { onScale } from '../../../../shared/domain/detection/scale.ts';
import { newFinding, scoreWindows } from '../../../../shared/domain/detection/score.ts';
import { newHourView } from '../../../../shared/domain/detection/slots.ts';

const OLD = 2000;
/** Requests of the windows of a client that makes 1,000 an hour: five minutes, an hour, six hours, a day. */
const USUAL = [83, 1000, 6000, 24_000] as const;

/** What six weeks of that client teach: days that reach at most a fifth more, none beyond. */
function outlookOf(change: (outlook: Outlook, test: number) => void = () => {}): Outlook {
  const outlook = newOutlook();
  for (let test = 0; test < outlook.level.length; test++) {
    const usual = onScale(USUAL[test >> 1] ?? 0);
    const isRecord = test % 2 === RECORD;
    outlook.level[test] = isRecord ? usual : 0.1;
    outlook.most[test] = isRecord ? usual + 0.2 : 0.2;
    outlook.spread[test] = 1.7;
    outlook.shape[test] = 12;
    outlook.reach[test] = 0.2;
    outlook.quietWeeks[test] = 0.7;
    outlook.leftOut[test] = Number.NEGATIVE_INFINITY;
    change(outlook, test);
  }
  return outlook;
}

function viewOf(usual: readonly number[] = USUAL) {
  const view = newHourView();
  view.expected = usual[1] ?? 0;
  view.usual.set(usual.map(onScale));
  return view;
}

interface Given {
  readonly outlook?: Outlook;
  readonly usual?: readonly number[];
  readonly age?: number;
  readonly standing?: boolean;
}

function score(
  sums: readonly number[],
  { outlook = outlookOf(), usual, age = OLD, standing = false }: Given = {},
) {
  const finding = newFinding();
  const value = scoreWindows(outlook, viewOf(usual), Float64Array.from(sums), age, standing, finding);
  return { value, finding };
}

/** Windows that have held a factor of the usual for as long as they are. */
const times = (factor: number) => USUAL.map((usual) => usual * factor);

describe('the score', () => {
  it('is 0 for the usual and rises with every factor above', () => {
    const scores = [1, 2, 4, 20].map((factor) => score(times(factor)).value);

    expect(scores[0]).toBe(0);
    expect(scores).toEqual([...new Set(scores)].toSorted((a, b) => a - b));
  });

  it('says which window found it: a burst the shortest, a client that stopped caching a long one', () => {
    const quietBins = outlookOf((outlook, test) => {
      if (test >= 4) return;
      outlook.level[test] = (outlook.level[test] ?? 0) + 2;
      outlook.most[test] = (outlook.most[test] ?? 0) + 2;
    });

    expect(score([9000, 9900, 14_900, 32_900]).finding.window).toBe(0);
    expect(score(times(4), { outlook: quietBins }).finding.window).toBeGreaterThanOrEqual(2);
  });

  it('stops when the storm does, though the day still holds it', () => {
    const during = score([5000, 60_000, 65_000, 84_000]).value;
    const after = score([83, 1000, 65_000, 84_000]).value;

    expect(during).toBeGreaterThan(3);
    expect(after).toBe(0);
  });

  it('makes little of another time of the week while the series stays within its record', () => {
    const batch = outlookOf((outlook, test) => {
      if (test % 2 !== RECORD) return;
      outlook.level[test] = onScale((USUAL[test >> 1] ?? 0) * 30);
      outlook.most[test] = onScale((USUAL[test >> 1] ?? 0) * 40);
    });

    expect(score(times(10), { outlook: batch }).value).toBe(0);
    expect(score(times(40), { outlook: batch }).value).toBeLessThanOrEqual(2);
    expect(score(times(160), { outlook: batch }).value).toBeGreaterThan(3);
  });

  it('tells a level that stands from more on top of it', () => {
    const stood = outlookOf((outlook, test) => {
      const usual = onScale(USUAL[test >> 1] ?? 0);
      const lasted = onScale((USUAL[test >> 1] ?? 0) * 10);
      outlook.leftOut[test] = test % 2 === RECORD ? lasted : lasted - usual;
    });
    const at = (factor: number, standing: boolean) =>
      score(times(factor), { outlook: stood, standing }).value;

    expect(at(10, false)).toBeGreaterThan(3);
    expect(at(10, true)).toBeLessThan(0.5);
    expect(at(50, true)).toBeGreaterThan(2);
  });

  it('finds a hundred times the record surprising, however wild the series is taken to be', () => {
    const wild = outlookOf((outlook, test) => {
      outlook.spread[test] = 1000;
    });

    // A tail without a bound would call a hundred times the record nothing.
    expect(score(times(100), { outlook: wild }).value).toBeGreaterThan(2);
  });
});

describe('the score of a new series', () => {
  const unknown = outlookOf((outlook, test) => {
    outlook.level[test] = Number.POSITIVE_INFINITY;
    outlook.most[test] = Number.POSITIVE_INFINITY;
  });

  it('comes from other new series: 8,000 requests in an hour are nothing, 80,000 score 2', () => {
    const first = (hour: number) => score([hour, hour, hour, hour], { outlook: unknown, age: 1 });

    expect(first(8000).value).toBe(0);
    expect(first(80_000).value).toBeCloseTo(2, 9);
    expect(first(80_000).finding.basis).toBe('newborn');
  });

  it('counts only beyond e times the calm hours it has had', () => {
    const busy = { ...unknown, calmHour: onScale(50_000) };

    expect(score([9000, 130_000, 130_000, 130_000], { outlook: busy, age: 30 }).value).toBe(0);
    expect(score([9000, 140_000, 140_000, 140_000], { outlook: busy, age: 30 }).value).toBeGreaterThan(2);
  });

  it('is not compared with itself in its first twelve hours', () => {
    expect(score(times(7), { age: 11 }).value).toBe(0);
    expect(score(times(7), { age: 12 }).value).toBeGreaterThan(1);
  });

  it('is compared with itself alone after three days', () => {
    const sums = [80_000, 80_000, 80_000, 80_000];

    expect(score(sums, { outlook: unknown, age: 71 }).value).toBeGreaterThan(1);
    expect(score(sums, { outlook: unknown, age: 72 }).value).toBe(0);
  });

  it('says little of early use that is no more than e-folds above its own hours', () => {
    const early = { ...outlookOf(), earlyHour: onScale(7000) };

    expect(score(times(7), { outlook: early, age: 150 }).value).toBe(0);
    expect(score(times(7 * Math.E), { outlook: early, age: 150 }).value).toBeCloseTo(2, 1);
  });
});
