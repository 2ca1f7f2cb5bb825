import type { MetricSource } from '../shared/app/ports.ts';
import type { Progress } from './progress.ts';

/** Lets sources show how far they have come with all that was asked of them together. */
export function watching(progress: Progress, what: string): (source: MetricSource) => MetricSource {
  let asked = 0;
  let answered = 0;
  const show = () => progress.show({ what, done: answered, of: asked, unit: 'metrics' });
  return (source) => ({
    get metricsRequested() {
      return source.metricsRequested;
    },
    async fetch(batch) {
      asked += batch.metrics.length;
      show();
      const outcomes = await source.fetch(batch);
      answered += batch.metrics.length;
      show();
      return outcomes;
    },
  });
}
