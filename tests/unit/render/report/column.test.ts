import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnOf, columnText } from '../../../../shared/render/report/column.ts';

describe('a column of numbers as a text', () => {
  it('names a number only where it changes', () => {
    expect(columnText([12, 12, 12, null, null, 0.5, 12])).toBe('12,,,-,,0.5,12');
  });

  it('is read as it was written', () => {
    const number = fc.oneof(
      fc.constantFrom(null, 0, 1),
      fc.nat(),
      fc.double({ min: 0, max: 1e12, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(number), (values) => {
        expect(columnOf(columnText(values))).toEqual(values);
      }),
    );
  });
});
