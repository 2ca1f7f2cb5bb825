/** Seconds of several repetitions. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/**
 * Times an action after one repetition that is not counted, because the first one pays for compilation. What it needs
 * is prepared outside the clock, anew each time.
 * @param warmUps 0 where a smaller action has warmed everything up.
 */
export async function spreadOf<T>(
  repetitions: number,
  prepare: () => T,
  action: (prepared: T) => unknown,
  warmUps = 1,
): Promise<Spread> {
  const seconds: number[] = [];
  for (let i = 0; i < warmUps + repetitions; i++) {
    const prepared = prepare();
    globalThis.gc?.();
    const started = performance.now();
    await action(prepared);
    if (i >= warmUps) seconds.push((performance.now() - started) / 1000);
  }
  const sorted = seconds.toSorted((a, b) => a - b);
  return { min: sorted[0] ?? 0, median: sorted[sorted.length >> 1] ?? 0, max: sorted.at(-1) ?? 0 };
}

/** The spread in another unit. */
export const scaled = ({ min, median, max }: Spread, factor: number): Spread => ({
  min: min * factor,
  median: median * factor,
  max: max * factor,
});

/** `median (min to max) unit`. */
export const spreadText = ({ min, median, max }: Spread, unit: string): string =>
  `${digits(median)} ${unit} (${digits(min)} to ${digits(max)})`;

const digits = (value: number): string => String(Number(value.toPrecision(3)));
