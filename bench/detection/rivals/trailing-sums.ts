/** Sums over the trailing bins, the newest included; shorter at the beginning. */
export function trailingSums(values: Float64Array, bins: number): Float64Array {
  const sums = new Float64Array(values.length);
  let sum = 0;
  for (const [i, value] of values.entries()) {
    sum += value;
    if (i >= bins) sum -= values[i - bins] ?? 0;
    sums[i] = sum;
  }
  return sums;
}
