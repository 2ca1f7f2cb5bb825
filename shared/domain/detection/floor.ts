import { BINS_PER_HOUR } from '../usage/time.ts';

/** The floor of all detection: excess requests below which nothing is ever told. At $0.03 per 10,000 it is $0.0015. */
export const FLOOR_REQUESTS = 500;

/** Whether an hour, or its newest bin alone, holds enough above the usual hour to be told at all. */
export const isAboveFloor = (hourSum: number, requests: number, usualHour: number): boolean =>
  hourSum - usualHour >= FLOOR_REQUESTS || requests >= FLOOR_REQUESTS + usualHour / BINS_PER_HOUR;
