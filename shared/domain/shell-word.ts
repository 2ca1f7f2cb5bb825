/** One word for a POSIX shell, whatever it holds. Plain words stay as they are, so that a line is easy to read. */
export const shellWord = (text: string): string =>
  /^[A-Za-z0-9_./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
