import { describe, expect, it } from 'vitest';
import { mrkdwn } from '../../../shared/render/slack-text.ts';
import { sparkline } from '../../../shared/render/sparkline.ts';
import { ascii, plain, wrap } from '../../../shared/render/text.ts';

describe('plain', () => {
  it.each([
    ['an ordinary alias', 'alias/lake-etl_v2', 'alias/lake-etl_v2'],
    ['line breaks, which would forge a mail header', 'a\r\nBcc: all@corp', 'a Bcc: all@corp'],
    ['Unicode line separators', 'a\u2028b\u2029c', 'a b c'],
    ['terminal escapes', '\u001b[2Jhidden', '[2Jhidden'],
    ['characters that turn text around', 'etl\u202Egnp.exe\u2066', 'etlgnp[.]exe'],
    ['invisible characters', 'e\u200Bt\uFEFFl\u00AD\u{E0041}\u3164', 'etl'],
    ['halves of surrogate pairs', 'etl\uD800', 'etl'],
    ['towers of marks', `e${'\u0301'.repeat(30)}tl`, 'e\u0301\u0301tl'],
    ['links', 'see https://evil.example/login', 'see https[:]//evil[.]example/login'],
    ['bare domains', 'www.evil.example', 'www[.]evil[.]example'],
    ['numbers and ends of sentences', 'v1.2. Done.', 'v1.2. Done.'],
    ['backticks', '`code`', "'code'"],
  ])('tames %s', (_, text, expected) => {
    expect(plain(text, 64)).toBe(expected);
  });

  it('cuts what is too long and says so', () => {
    expect(plain('x'.repeat(1_000_000), 8)).toBe('xxxxxxx…');
    expect(plain('🔥'.repeat(9), 8)).toBe(`${'🔥'.repeat(7)}…`);
  });
});

describe('ascii', () => {
  it('finds the nearest likeness', () => {
    expect(ascii('Zürich – straße “x” 東京…')).toBe('Zurich - strasse ?x? ??...');
  });
});

describe('wrap', () => {
  it('breaks between words only and indents what follows', () => {
    expect(wrap('Cost      one two three four', 18, '  ')).toBe('Cost      one two\n  three four');
    expect(wrap('a-word-too-long-for-it b', 8)).toBe('a-word-too-long-for-it\nb');
  });
});

describe('mrkdwn', () => {
  it('cannot mention, link, quote or format', () => {
    expect(mrkdwn('<!here> @channel *bold* _it_ ~no~ `x` a_b & >', 200)).toBe(
      "&lt;!here&gt; ＠channel ∗bold∗ ＿it＿ ∼no∼ 'x' a_b &amp; &gt;",
    );
  });

  it('never cuts an escape in two', () => {
    expect(mrkdwn('&&&', 10)).toBe('&amp;…');
    expect(mrkdwn('&&', 10)).toBe('&amp;&amp;');
  });
});

describe('sparkline', () => {
  it('draws nothing as the lowest bar, the most as a full one, the unknown as a dot', () => {
    expect(sparkline([0, 1, 12, 50, 100, Number.NaN])).toBe('▁▁▁▄█·');
    expect(sparkline([0, 0])).toBe('▁▁');
    expect(sparkline([])).toBe('');
  });
});
