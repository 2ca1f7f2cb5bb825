import type { Drawing } from '../../../shared/render/report/drawing.ts';

/** What the page was made with, by the charts' numbers. */
export const drawings: readonly Drawing[] = JSON.parse(
  document.getElementById('report-drawings')?.textContent ?? '[]',
);

/** `2026-11-25 02:00`, in UTC. */
export const utc = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ');

export const BIN_SECONDS = 300;
