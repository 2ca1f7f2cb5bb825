/**
 * Text from the account (aliases, descriptions, names) is written by anybody who may create a key. Here it becomes
 * one harmless line: every name goes through `plain` before it enters a message, and each receiver escapes on top.
 */

/** Controls and line or paragraph separators: they end a line or a header. */
const BREAKING = /[\p{Cc}\p{Zl}\p{Zp}]/gu;

/** Invisible and direction-changing characters, halves of pairs, private and unassigned ones, the blank braille cell. */
const INVISIBLE = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Towers of combining marks that would cover their neighbours. */
const MARK_TOWER = /(\p{M}{2})\p{M}+/gu;

/** The dot of what mail and chat programs would turn into a link. */
const LINKING_DOT = /(?<=[\p{L}\p{N}_-])\.(?=\p{L}{2})/gu;

/**
 * One line of visible text of at most `maxLength` code points, a cut one ending in `…`. Links are defused as
 * security people write them (`https[:]//evil[.]com`), so that no mail or chat program makes them clickable.
 */
export function plain(text: string, maxLength: number): string {
  // What is far too long is cut first: the rules below then cost the same for every name.
  const visible = text
    .slice(0, maxLength * 4)
    .replace(BREAKING, ' ')
    .replace(INVISIBLE, '')
    .replace(MARK_TOWER, '$1')
    .replaceAll('`', "'")
    .replaceAll('://', '[:]//')
    .replace(LINKING_DOT, '[.]')
    .replace(/\s+/g, ' ')
    .trim();
  return cut(visible, maxLength);
}

/** At most `maxLength` code points; a cut text ends in the mark. */
export function cut(text: string, maxLength: number, mark = '…'): string {
  if (text.length <= maxLength) return text;
  const points = Array.from(text);
  return points.length <= maxLength
    ? text
    : points.slice(0, Math.max(0, maxLength - mark.length)).join('') + mark;
}

const ASCII_FOR: Readonly<Record<string, string>> = {
  '…': '...',
  '–': '-',
  '—': '-',
  '‘': "'",
  '’': "'",
  ß: 'ss',
};

/** The nearest printable ASCII: accents go, what has no likeness becomes `?`. */
export const ascii = (text: string): string =>
  text
    .replace(/[…–—‘’ß]/g, (char) => ASCII_FOR[char] ?? '?')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7E]/gu, '?');

/** Lines of at most `width` characters where words allow it; `indent` stands before all lines but the first. */
export function wrap(text: string, width: number, indent = ''): string {
  const [first = '', ...words] = text.split(' ');
  const lines: string[] = [];
  let line = first;
  for (const word of words) {
    const longer = `${line} ${word}`;
    if (longer.length <= width) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = indent + word;
  }
  return [...lines, line].join('\n');
}
