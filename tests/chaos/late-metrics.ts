import type { Random } from '../../bench/detection/world/random.ts';
import type { RecordedMetrics } from '../../shared/adapters/memory/recorded-metrics.ts';
import type { MetricFault, MetricOutcome, MetricSource } from '../../shared/app/ports.ts';
import { metricName } from '../../shared/domain/usage/metric.ts';
import type { MetricBatch } from '../../shared/domain/usage/query-plan.ts';
import { binEnd, type EpochSeconds, FINAL_AFTER_SECONDS } from '../../shared/domain/usage/time.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { ChaosWorld } from './world.ts';

const FAULTS = ['throttled', 'internalError', 'incomplete', 'unreachable'] as const satisfies MetricFault[];

/** Datapoints are whole this long before they are final. */
const LATEST_SECONDS = FINAL_AFTER_SECONDS - 300;

/** CloudWatch of a world: shows each bin after the world's delay, later or in part where the plan says so. */
export class LateMetrics implements MetricSource {
  metricsRequested = 0;
  readonly #recorded: RecordedMetrics;
  readonly #world: ChaosWorld;
  readonly #plan: FaultPlan | undefined;
  readonly #random: Random;
  /** The true time, whatever the function's clock says. */
  now: EpochSeconds = 0;

  constructor(recorded: RecordedMetrics, world: ChaosWorld, plan: FaultPlan | undefined, random: Random) {
    this.#recorded = recorded;
    this.#world = world;
    this.#plan = plan;
    this.#random = random;
  }

  fetch({ metrics, startBin, endBin }: MetricBatch): Promise<readonly MetricOutcome[]> {
    this.metricsRequested += metrics.length;
    const unread = this.#plan?.rate('unreadMetrics', this.now) ?? 0;
    return Promise.resolve(
      metrics.map((metric): MetricOutcome => {
        if (this.#random.chance(unread))
          return { kind: 'fault', fault: this.#random.pick(FAULTS), detail: 'made to fail' };
        const values = this.#recorded.read(metric, startBin, endBin);
        for (let bin = endBin - 1; bin >= startBin && this.now - binEnd(bin) < FINAL_AFTER_SECONDS; bin--) {
          const shown = this.#shownOf(metricName(metric), bin);
          const at = bin - startBin;
          values[at] = shown === 0 ? Number.NaN : Math.floor((values[at] ?? Number.NaN) * shown);
        }
        return { kind: 'values', values: { startBin, values } };
      }),
    );
  }

  /** Share of a bin's requests that can be seen: the same for everybody who looks at that time. */
  #shownOf(metric: string, bin: number): number {
    const age = this.now - binEnd(bin);
    const { delaySeconds } = this.#world;
    if (age < delaySeconds) return 0;
    const rate = this.#plan?.rate('lateDatapoints', binEnd(bin)) ?? 0;
    const chance = hashOf(`${metric} ${bin}`);
    if (chance >= rate || age >= LATEST_SECONDS) return 1;
    return chance < rate / 2 ? 0 : 0.5;
  }
}

/** A number from 0 to 1 that depends on the text alone. */
function hashOf(text: string): number {
  let hash = 2166136261;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
