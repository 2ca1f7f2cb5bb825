/** Slack's control characters, and what would ping somebody or format text that is not ours. */
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '@': '＠',
  '*': '∗',
  '~': '∼',
};

/** Underscores at the edge of a word make italics; inside a name they are harmless. */
const EDGE_UNDERSCORE = /(?<![\p{L}\p{N}_])_+|_+(?![\p{L}\p{N}_])/gu;

/**
 * Text inside Slack's mrkdwn, at most `maxLength` characters after escaping. It cannot mention, link or format:
 * `&`, `<` and `>` are escaped as Slack asks, the other marks become look-alikes.
 */
export const mrkdwn = (text: string, maxLength: number): string =>
  escapedWithin(
    text.replace(EDGE_UNDERSCORE, (edge) => '＿'.repeat(edge.length)).replaceAll('`', "'"),
    maxLength,
    (char) => ESCAPES[char] ?? char,
  );

/** Text inside a code span or block: only what Slack asks to be escaped; backticks, which would end it, are dropped. */
export const codeText = (text: string, maxLength: number): string =>
  escapedWithin(text.replaceAll('`', ''), maxLength, (char) =>
    char === '&' || char === '<' || char === '>' ? (ESCAPES[char] ?? char) : char,
  );

/** Text of a plain_text object, which knows no marks at all; brackets become look-alikes for whoever reads it as mrkdwn. */
export const plainText = (text: string, maxLength: number): string =>
  escapedWithin(text, maxLength, (char) => ({ '<': '‹', '>': '›', '@': '＠' })[char] ?? char);

/** Whole characters only: an escape sequence is never cut in two. */
function escapedWithin(text: string, maxLength: number, escapeOf: (char: string) => string): string {
  let escaped = '';
  let shorter = '';
  for (const char of text) {
    const piece = escapeOf(char);
    if (escaped.length + piece.length > maxLength) return `${shorter}…`;
    escaped += piece;
    if (escaped.length < maxLength) shorter = escaped;
  }
  return escaped;
}

/** As many whole parts as fit: a link or a name is never cut. */
export function joinWithin(parts: readonly string[], separator: string, maxLength: number): string {
  let text = '';
  for (const part of parts) {
    const longer = text === '' ? part : text + separator + part;
    if (longer.length <= maxLength) text = longer;
  }
  return text;
}
