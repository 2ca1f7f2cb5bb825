import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binEnd } from '../../../../shared/domain/usage/time.ts';
import { bandPicture, bandSvg } from '../../../../shared/render/report/band-svg.ts';
import { columnText } from '../../../../shared/render/report/column.ts';
import type { Drawing } from '../../../../shared/render/report/drawing.ts';
import { linePath, stepPath } from '../../../../shared/render/report/svg-paths.ts';

const START = 12_000;
const TEXT = { title: 'lake-etl: Decrypt', description: 'At most 900 requests.' };

/** A day, bin by bin: 100 requests where up to 300 are usual, 900 from `from` to `to`. */
function aDrawing(from: number, to: number, over: Partial<Drawing> = {}): Drawing {
  const bins = Array.from({ length: 288 }, (_, i) => i);
  return {
    steps: columnText(bins.map((i) => (i === 0 ? START : 1))),
    requests: columnText(bins.map((i) => (i >= from && i < to ? 900 : 100))),
    usual: columnText(bins.map(() => 90)),
    edge: columnText(bins.map(() => 300)),
    red: to > from ? [[START + from, START + to]] : [],
    standing: [],
    noticed: to > from ? [binEnd(START + from)] : [],
    ...over,
  };
}

const pathOf = (svg: string, name: string): string | undefined =>
  new RegExp(`<path class="${name}" d="([^"]*)"/>(?!<text)`).exec(svg)?.[1];

/** The corners of a path of absolute commands, in order. */
function cornersOf(d: string): [x: number, y: number][] {
  let [x, y] = [0, 0];
  return [...d.matchAll(/([MLHV])(-?[\d.]+)(?: (-?[\d.]+))?/g)].map(([, command, a, b]) => {
    if (command === 'V') y = Number(a);
    else x = Number(a);
    if (b !== undefined) y = Number(b);
    return [x, y];
  });
}

describe('a chart as SVG', () => {
  it('is red where it ran away, above the band, and has an upright line where that was noticed', () => {
    const svg = bandSvg(aDrawing(200, 236), TEXT);

    const red = cornersOf(pathOf(svg, 'red') ?? '');
    const edge = Math.min(...cornersOf(pathOf(svg, 'band') ?? '').map(([, y]) => y));
    expect(red.length).toBeGreaterThan(10);
    for (const [x, y] of red) {
      expect(x).toBeGreaterThanOrEqual(690);
      expect(x).toBeLessThan(825);
      expect(y).toBeLessThan(edge);
    }
    expect(Number(/^M([\d.]+) 0V/.exec(pathOf(svg, 'noticed') ?? '')?.[1])).toBeCloseTo(700, -1);
  });

  it('has no red and no upright line where nothing happened', () => {
    const svg = bandSvg(aDrawing(0, 0), TEXT);

    expect(pathOf(svg, 'red')).toBeUndefined();
    expect(pathOf(svg, 'noticed')).toBeUndefined();
    expect(pathOf(svg, 'band')).toBeDefined();
  });

  it('has no band where no number of requests would be told', () => {
    const edge = columnText(Array.from({ length: 288 }, () => null));

    expect(pathOf(bandSvg(aDrawing(0, 0, { edge }), TEXT), 'band')).toBeUndefined();
  });

  it('is named and described in words, whatever is in them', () => {
    const hostile = { title: '"><script>alert(1)</script>', description: '</desc><img src=x>' };

    for (const svg of [bandSvg(aDrawing(0, 0), hostile), bandPicture(aDrawing(0, 0), hostile)]) {
      expect(svg).toContain('<title>&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;</title>');
      expect(svg).toContain('<desc>&lt;/desc&gt;&lt;img src=x&gt;</desc>');
      expect(svg).not.toMatch(/<script|<img/);
    }
  });

  it('brings its colours along as a picture, for light and for dark', () => {
    const svg = bandPicture(aDrawing(200, 236), TEXT);

    expect(svg).toContain('@media (prefers-color-scheme: dark)');
    expect([...svg.matchAll(/var\((--[a-z]+)\)/g)].filter(([, name]) => !svg.includes(`${name}: #`))).toEqual(
      [],
    );
  });
});

describe('paths', () => {
  const values = fc.array(fc.option(fc.integer({ min: 0, max: 180 }), { nil: undefined }), { maxLength: 60 });

  it('goes through every point that there is, and through no other', () => {
    fc.assert(
      fc.property(values, (ys) => {
        const points = ys.map((y, x) => [x, y] as const);

        expect(cornersOf(linePath(points))).toEqual(points.filter(([, y]) => y !== undefined));
      }),
    );
  });

  it('begins anew after every gap, and makes a dot of a point between two', () => {
    expect(
      linePath([
        [0, 5],
        [1, 6],
        [2, undefined],
        [3, 7],
        [4, undefined],
      ]),
    ).toBe('M0 5L1 6M3 7h0');
  });

  it('keeps each height to the next point, and closes what it fills at every gap', () => {
    const points = [
      [0, 5],
      [10, 5],
      [20, 9],
      [30, undefined],
      [40, 3],
      [50, 3],
    ] as const;

    expect(stepPath(points)).toBe('M0 5H20V9H30M40 3H50');
    expect(stepPath(points, 100)).toBe('M0 100V5H20V9H30V100ZM40 100V3H50V100Z');
  });
});
