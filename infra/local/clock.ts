/** The time of the embedded AWS, in epoch seconds. It stands still once it has been set, until it is moved again. */
export interface LocalClock {
  now(): number;
  /** Stops the clock at a moment. */
  set(epochSeconds: number): void;
  /** Moves a stopped clock; a running one is stopped first. */
  advance(seconds: number): void;
  /** Back to the wall clock. */
  run(): void;
}

/** A clock that stands at `at`, or runs with the wall clock when no moment is given. */
export function createClock(at?: number): LocalClock {
  let stoppedAt = at;
  const now = () => stoppedAt ?? Date.now() / 1000;
  return {
    now,
    set(epochSeconds) {
      stoppedAt = epochSeconds;
    },
    advance(seconds) {
      stoppedAt = now() + seconds;
    },
    run() {
      stoppedAt = undefined;
    },
  };
}
