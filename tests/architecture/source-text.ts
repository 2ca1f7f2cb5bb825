/** The module names that a TypeScript source imports, types included, in the order they stand there. */
export function importsOf(source: string): string[] {
  const code = withoutComments(source);
  const clauses = /\b(?:import|export)\b(?:[\s\w$*{},]*?\bfrom)?\s*\(?\s*(["'])([^"'\n]+)\1/g;
  return [...code.matchAll(clauses)].map(([, , name = '']) => name);
}

/** The source without comments: a module name in an example is no import. */
export const withoutComments = (source: string): string =>
  piecesOf(source)
    .filter(({ kind }) => kind !== 'comment')
    .map(({ text }) => text)
    .join('');

/** Only what is executed or typed: no comments, and neither texts nor regular expressions. */
export const codeOnly = (source: string): string =>
  piecesOf(source)
    .map(({ kind, text }) => (kind === 'code' ? text : ' '))
    .join('');

interface Piece {
  readonly kind: 'code' | 'comment' | 'text';
  readonly text: string;
}

/** What may stand before a slash that begins a regular expression rather than dividing. */
const BEFORE_REGEX = /(?:^|[=(,:;!&|?{}[+*%<>~^-]|\b(?:return|typeof|case|in|of))\s*$/;

const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`|\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/|[{}]/g;

/** Cuts a source into code, comments and texts; what stands in `${}` is code. */
function piecesOf(source: string): Piece[] {
  const pieces: Piece[] = [];
  /** Depth of braces at which each open `${` of a template ends. */
  const templates: number[] = [];
  let depth = 0;
  let from = 0;
  const code = (to: number) => pieces.push({ kind: 'code', text: source.slice(from, to) });
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(source); match; match = TOKEN.exec(source)) {
    const [token] = match;
    const start = match.index;
    const first = token[0];
    if (token === '{') depth++;
    else if (token === '}' && templates.at(-1) !== depth) depth--;
    else if (token === '`' || token === '}') {
      code(token === '}' ? start + 1 : start);
      if (token === '}') {
        templates.pop();
        depth--;
      }
      const end = endOfTemplateText(source, start + 1);
      pieces.push({ kind: 'text', text: source.slice(token === '}' ? start + 1 : start, end) });
      if (source[end - 1] === '{') templates.push(++depth);
      from = end;
      TOKEN.lastIndex = end;
    } else if (
      first === '/' &&
      token[1] !== '/' &&
      token[1] !== '*' &&
      !BEFORE_REGEX.test(source.slice(0, start).slice(-40))
    ) {
      TOKEN.lastIndex = start + 1;
    } else {
      code(start);
      const isComment = first === '/' && (token[1] === '/' || token[1] === '*');
      pieces.push({ kind: isComment ? 'comment' : 'text', text: token });
      from = start + token.length;
    }
  }
  code(source.length);
  return pieces;
}

/** Just behind the backtick or the `${` that ends a template's text. */
function endOfTemplateText(source: string, start: number): number {
  for (let i = start; i < source.length; i++) {
    if (source[i] === '\\') i++;
    else if (source[i] === '`') return i + 1;
    else if (source[i] === '$' && source[i + 1] === '{') return i + 2;
  }
  return source.length;
}
