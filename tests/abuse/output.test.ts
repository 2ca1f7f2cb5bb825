import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ZodError } from 'zod';
import { statusText, testAlertText } from '../../cli/deployed/as-text.ts';
import { printableJson } from '../../cli/printable-json.ts';
import { csvRow } from '../../shared/render/csv.ts';
import { escapeHtml, scriptJson } from '../../shared/render/report/html.ts';
import { cell, htmlTable } from '../../shared/render/report/html-table.ts';
import { plain } from '../../shared/render/text.ts';
import { hostileJson, hostileText, RUNS, UNSEEN } from './hostile.ts';

describe('a cell of CSV', () => {
  it('is one field on one line, and never a formula', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const row = csvRow(['first', text, 1]);

        expect(row.indexOf('\r\n')).toBe(row.length - 2);
        expect(row.slice(0, -2)).not.toMatch(UNSEEN);
        const field = row.slice('first,'.length, -',1\r\n'.length);
        expect(field).toMatch(/^(?:[^",]*|"(?:[^"]|"")*")$/);
        expect(field.replace(/^"/, '')).not.toMatch(/^\s*[=+\-@|]/);
      }),
      RUNS,
    );
  });
});

describe('JSON for a terminal', () => {
  it('is exact, and moves no cursor', () => {
    fc.assert(
      fc.property(hostileJson, (value) => {
        const text = printableJson(value, 2);

        expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(value));
        expect(text.replaceAll('\n', '')).not.toMatch(UNSEEN);
      }),
      RUNS,
    );
  });
});

describe("the function's answer as text", () => {
  it('moves no cursor, whatever it holds', () => {
    const words = fc.record({
      item: hostileText,
      reason: hostileText,
      receiver: hostileText,
      since: hostileText,
    });
    fc.assert(
      fc.property(words, ({ item, reason, receiver, since }) => {
        const text = statusText({
          incidents: [],
          mutes: [],
          unreadable: [{ item, reason }],
          lastRun: { asOf: since, keys: 1, series: 1, breaching: 0 },
          coverage: 1,
          deliveriesPending: 0,
          receivers: [receiver],
          deadReceivers: [{ receiver, since, reason }],
          warning: reason,
        });

        expect(text.replaceAll('\n', '')).not.toMatch(UNSEEN);
      }),
      RUNS,
    );
  });

  it('is refused by name where it is no answer of ours', () => {
    fc.assert(
      fc.property(hostileJson, (value) => {
        for (const print of [statusText, testAlertText]) expect(() => print(value)).toThrow(ZodError);
      }),
      RUNS,
    );
  });
});

describe('a report page', () => {
  it('takes no tag, attribute or script from a text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"']/);
        expect(scriptJson({ text })).not.toMatch(/<|\u2028|\u2029/);
        expect(JSON.parse(scriptJson({ text }))).toEqual({ text });
        expect(htmlTable(text, [text], [[cell(text)]])).not.toMatch(/<(script|img|b)\b/);
      }),
      RUNS,
    );
  });
});

describe('a name on one line', () => {
  it('stays one line in a log, and costs the same however long it is', () => {
    const began = performance.now();
    for (const part of ['\u0301', 'a.', '\u202E', ' ', '`', '://', '\uD800', 'x'])
      expect(plain(part.repeat(3_000_000), 100).length).toBeLessThanOrEqual(200);

    expect(performance.now() - began).toBeLessThan(5000);
  });
});
