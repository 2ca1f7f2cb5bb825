/** What stands where a number is missing. */
const NO_NUMBER = '?';

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

const toThreeDigits = (value: number): number => Number(value.toPrecision(3));

/** Without zeros that say nothing: `1.20` is `1.2`, `3.00` is `3`. */
const trimmed = (value: number, digits: number): string => String(Number(value.toFixed(digits)));

/**
 * A count as people say it: exact below 10,000, three digits above, millions and billions by name.
 * `612`, `25,900`, `412,000`, `1.24 M`.
 */
export function count(value: number): string {
  if (!Number.isFinite(value)) return NO_NUMBER;
  if (value < 0) return `-${count(-value)}`;
  if (value < 10_000) return grouped.format(value);
  const rounded = toThreeDigits(value);
  if (rounded < 1e6) return grouped.format(rounded);
  if (rounded < 1e9) return `${trimmed(rounded / 1e6, 2)} M`;
  return rounded < 1e12 ? `${trimmed(rounded / 1e9, 2)} bn` : 'over 999 bn';
}

/** Dollars with about three digits: `$0.42`, `$3.65`, `$14.6`, `$350`, `$10,700`, `$1.24 M`. */
export function usd(value: number): string {
  if (!Number.isFinite(value)) return `$${NO_NUMBER}`;
  if (value < 0) return `-${usd(-value)}`;
  if (value === 0) return '$0';
  if (value < 0.01) return '<$0.01';
  if (toThreeDigits(value) < 10) return `$${value.toFixed(2)}`;
  if (toThreeDigits(value) < 100) return `$${trimmed(value, 1)}`;
  return `$${count(toThreeDigits(value))}`;
}

/** A factor: `2.4x`, `48x`, `1,230x`; beyond 9,999 only that it is more. */
export function times(ratio: number): string {
  if (!Number.isFinite(ratio)) return `${NO_NUMBER}x`;
  if (ratio > 9_999) return '>9,999x';
  return ratio < 9.95 ? `${trimmed(Math.max(0, ratio), 1)}x` : `${grouped.format(toThreeDigits(ratio))}x`;
}

/** A share as a percentage without decimals: `7%`, `<1%`, `>999%`. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return `${NO_NUMBER}%`;
  if (share <= 0) return '0%';
  if (share < 0.01) return '<1%';
  return share > 9.99 ? '>999%' : `${Math.round(share * 100)}%`;
}
