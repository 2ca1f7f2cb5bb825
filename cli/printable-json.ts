/** Controls and what changes the direction of text, which JSON would let through to a terminal. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** JSON whose names are exact, with invisible characters escaped. `indent` spaces a level; without it, one line. */
export function printableJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent);
  return `${text.replace(UNSEEN, (unseen) => (unseen === '\n' ? unseen : escaped(unseen)))}\n`;
}

const escaped = (text: string): string =>
  text
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
