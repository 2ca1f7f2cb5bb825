import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Log } from '../../shared/app/ports.ts';
import { coverageOf } from '../../shared/app/status.ts';
import type { RunReport } from '../../shared/domain/run-report.ts';
import { METRIC_DIMENSION, METRIC_NAMESPACE, RUN_METRICS, type RunMetric } from '../../shared/run-metrics.ts';

/** Structured logs with the request's id; middy's middleware adds the invocation's context. */
export const logger = new Logger({ serviceName: 'kms-runaway-detector' });

/** The logger as use cases see it. */
export const log: Log = {
  info: (message, fields = {}) => logger.info(message, fields),
  warn: (message, fields = {}) => logger.warn(message, fields),
  error: (message, fields = {}) => logger.error(message, fields),
};

/** What a completed scheduled sweep tells CloudWatch, written as an EMF log line: no API call, no permission. */
export interface SweepMetrics {
  recordSweep(report: RunReport): void;
}

/** Metrics whose only dimension is the stack: each further dimension would be one more metric to pay for. */
export function sweepMetrics(stackName: string): SweepMetrics {
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE });
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions({ [METRIC_DIMENSION]: stackName });
  return {
    recordSweep(report) {
      for (const [name, value] of Object.entries(sweepValues(report))) {
        if (value !== undefined) metrics.addMetric(name, RUN_METRICS[name as RunMetric].unit, value);
      }
      metrics.publishStoredMetrics();
    },
  };
}

/** One value for each metric; undefined where the run has none. */
export function sweepValues(report: RunReport): Record<RunMetric, number | undefined> {
  const { delivery } = report;
  return {
    Heartbeat: 1,
    Coverage: 100 * coverageOf(report),
    DeliveriesPending: 'left' in delivery ? undefined : delivery.pending + delivery.noAudience,
    OpenIncidents: report.incidents.filter(({ status }) => status === 'open').length,
    NewestDatapointAge: report.newestDatapointAgeSeconds,
    MetricsRequested: report.metricsRequested,
    RunSeconds: report.seconds,
    SeriesBreaching: report.breaching,
  };
}
