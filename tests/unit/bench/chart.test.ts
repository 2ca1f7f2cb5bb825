import { describe, expect, it } from 'vitest';
import { chartSvg } from '../../../bench/detection/report/chart.ts';
import { markdownTable, orDash, percent, short } from '../../../bench/detection/report/markdown.ts';

describe('a chart', () => {
  it('is a picture of its own, with escaped names and the main line on top', () => {
    const svg = chartSvg({
      title: 'Found <all>',
      xTitle: 'x',
      yTitle: 'y',
      ticks: [
        { at: 1, label: '1' },
        { at: 100, label: '100' },
      ],
      lines: [
        {
          name: 'a & b',
          points: [
            [1, 0],
            [10, 0.5],
            [100, 1],
          ],
        },
        { name: 'other', points: [[1, 1]] },
      ],
    });

    expect(svg).toContain('Found &lt;all&gt;');
    expect(svg).toContain('a &amp; b');
    // Ten lies in the middle of a logarithmic axis from 1 to 100.
    expect(svg).toContain('points="62.0,372.0 311.0,209.0 560.0,46.0"');
    expect(svg.lastIndexOf('<polyline')).toBe(svg.indexOf('<polyline points="62.0,372.0'));
    expect(svg).toContain('prefers-color-scheme: dark');
  });
});

describe('a table', () => {
  it('aligns figures to the right', () => {
    expect(markdownTable(['name', 'n'], [['a', '1']])).toBe('| name | n |\n| --- | ---: |\n| a | 1 |');
  });

  it('writes figures shortly', () => {
    expect([percent(0.0123), short(1234.5), short(0.012345), orDash(undefined, short)]).toEqual([
      '1.2 %',
      '1235',
      '0.0123',
      '–',
    ]);
  });
});
