/** What is not known, or does not exist. */
const NONE = '-';

/**
 * Numbers as one short text: separated by commas, empty where a number is the one before. Most of a quiet series is.
 * Also read in the browser.
 */
export function columnText(values: readonly (number | null)[]): string {
  let before: number | null | undefined;
  return values
    .map((value) => {
      const isSame = value === before;
      before = value;
      return isSame ? '' : (value ?? NONE);
    })
    .join(',');
}

/** The numbers of such a text. */
export function columnOf(text: string): (number | null)[] {
  let before: number | null = null;
  return text === ''
    ? []
    : text.split(',').map((part) => {
        if (part !== '') before = part === NONE ? null : Number(part);
        return before;
      });
}
