const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** One bar for each value, the largest one full, nothing the lowest bar, an unknown value a dot. */
export function sparkline(values: readonly number[]): string {
  const highest = Math.max(0, ...values.filter(Number.isFinite));
  return values
    .map((value) => {
      if (!Number.isFinite(value)) return '·';
      if (highest <= 0 || value <= 0) return BARS[0];
      return BARS[Math.min(BARS.length, Math.ceil((value / highest) * BARS.length)) - 1];
    })
    .join('');
}
