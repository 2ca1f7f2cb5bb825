/** Namespace of the detector's own metrics. */
export const METRIC_NAMESPACE = 'KmsRunawayDetector';

/** Their only dimension, holding the stack's name: every further one would be a custom metric more, and each is paid for. */
export const METRIC_DIMENSION = 'stack';

/**
 * The metrics that a completed scheduled check emits, all of them or none: the heartbeat alarm lives on their
 * absence. A check by hand emits nothing, or it would keep a dead schedule looking alive.
 */
export const RUN_METRICS = {
  /** One, for each completed scheduled check. */
  Heartbeat: { unit: 'Count' },
  /** Share of the known keys that could be checked; 100 when there are none. */
  Coverage: { unit: 'Percent' },
  /** Messages not delivered yet, and not given up. */
  DeliveriesPending: { unit: 'Count' },
  /** Incidents open at the end of the run. */
  OpenIncidents: { unit: 'Count' },
  /** Key and operation pairs that were breaching. */
  SeriesBreaching: { unit: 'Count' },
  /** Age of the newest datapoint seen: how late CloudWatch publishes. */
  NewestDatapointAge: { unit: 'Seconds' },
  /** Metrics asked of GetMetricData, each billed. */
  MetricsRequested: { unit: 'Count' },
  /** How long the check took. */
  RunSeconds: { unit: 'Seconds' },
} as const satisfies Record<string, { readonly unit: 'Count' | 'Percent' | 'Seconds' }>;

export type RunMetric = keyof typeof RUN_METRICS;
