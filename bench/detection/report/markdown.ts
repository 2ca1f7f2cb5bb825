/** A table as GitHub renders it; the first column is text, the others are figures. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = header.map((_, i) => (i === 0 ? '---' : '---:'));
  return [header, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** A share as a percentage with one decimal. */
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Three significant digits, without an exponent. */
export const short = (value: number): string =>
  value >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(3)));

/** A figure that may be missing. */
export const orDash = (value: number | undefined, text: (known: number) => string): string =>
  value === undefined || !Number.isFinite(value) ? '–' : text(value);
