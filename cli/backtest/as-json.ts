import type { BacktestResult } from '../../shared/app/backtest.ts';
import type { Incident } from '../../shared/domain/incident/incident.ts';
import { binEnd, binStart, isoTime } from '../../shared/domain/usage/time.ts';

/** The result as one JSON object; times are ISO 8601 UTC, money is in dollars. */
export function asJson({ incidents, messages, forecast, series, bins }: BacktestResult): string {
  const document = {
    incidents: incidents.map(incidentRecord),
    messages: messages.map(({ at, ...message }) => ({ at: isoTime(at), ...message })),
    forecast,
    series,
    bins,
  };
  return `${JSON.stringify(document)}\n`;
}

/** An incident as programs read it. */
export const incidentRecord = ({
  id,
  keyArn,
  operations,
  openedBin,
  endedBin,
  severity,
  tally,
}: Incident) => ({
  id,
  keyArn,
  operations,
  openedAt: isoTime(binStart(openedBin)),
  detectedAt: isoTime(binEnd(openedBin)),
  resolvedAt: endedBin === undefined ? null : isoTime(binStart(endedBin)),
  severity,
  peakRatio: rounded(tally.peakRatio),
  excessRequests: Math.round(tally.excessRequests),
  usd: rounded(tally.excessUsd),
  peakUsdPerHour: rounded(tally.peakUsdPerHour),
});

/** Six significant digits: more would only pretend. */
const rounded = (value: number): number => Number(value.toPrecision(6));
