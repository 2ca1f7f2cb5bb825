import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml, scriptJson } from '../../../../shared/render/report/html.ts';

/** Texts that are likely to hold what ends an element, an attribute or a line. */
const HOSTILE = fc.array(
  fc.constantFrom(
    '<',
    '>',
    '&',
    '"',
    "'",
    '/',
    '</script>',
    '<!--',
    '-->',
    '&lt;',
    'a',
    '\u2028',
    '\u2029',
    '\u{1f511}',
  ),
);
const text = fc.oneof(
  HOSTILE.map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }),
);

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
};
const asRead = (html: string) =>
  html.replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => ENTITIES[entity] ?? '');

describe('text of an account in a page', () => {
  it('ends no element and no attribute, and is read as it was', () => {
    fc.assert(
      fc.property(text, (hostile) => {
        const html = escapeHtml(hostile);

        expect(html).not.toMatch(/[<>"']/);
        expect(asRead(html)).toBe(hostile);
      }),
    );
  });

  it('ends no script element, and is parsed as it was', () => {
    fc.assert(
      fc.property(fc.array(text), (hostile) => {
        const json = scriptJson(hostile);

        expect(json).not.toMatch(/[<>&\u2028\u2029]/);
        expect(JSON.parse(json)).toEqual(hostile);
      }),
    );
  });
});
