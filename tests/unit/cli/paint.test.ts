import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { NO_PAINT, paintFor, severityPaint } from '../../../cli/paint.ts';

const terminal = { isTTY: true, hasColors: () => true };

describe('colours', () => {
  it('are for terminals that have them', () => {
    expect(paintFor(terminal, {}).notable('2x')).toBe('\u001b[33m2x\u001b[39m');
  });

  it.each([
    ['a file or a pipe', {}, {}],
    ['a terminal without colours', { isTTY: true, hasColors: () => false }, {}],
    ['whoever sets NO_COLOR', terminal, { NO_COLOR: '1' }],
    ['whoever sets NO_COLOR, whatever else is forced', terminal, { NO_COLOR: 'yes', FORCE_COLOR: '3' }],
  ])('are not for %s', (_, stream, environment) => {
    expect(paintFor(stream, environment)).toBe(NO_PAINT);
  });

  it('never replace the word', () => {
    const painted = ['page', 'notice', 'digest', 'else'].map(severityPaint(paintFor(terminal, {})));

    expect(new Set(painted).size).toBe(4);
    expect(painted.map((text) => stripVTControlCharacters(text))).toEqual([
      'page',
      'notice',
      'digest',
      'else',
    ]);
  });
});
