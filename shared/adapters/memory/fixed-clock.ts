import type { Clock } from '../../app/ports.ts';
import type { EpochSeconds } from '../../domain/usage/time.ts';

/** A clock that stands still until it is moved. */
export class FixedClock implements Clock {
  #now: EpochSeconds;

  constructor(now: EpochSeconds) {
    this.#now = now;
  }

  now(): EpochSeconds {
    return this.#now;
  }

  set(now: EpochSeconds): void {
    this.#now = now;
  }

  advance(seconds: number): void {
    this.#now += seconds;
  }
}
