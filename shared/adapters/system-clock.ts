import type { Clock } from '../app/ports.ts';

/** The wall clock of the machine. */
export const systemClock: Clock = { now: () => Math.floor(Date.now() / 1000) };
