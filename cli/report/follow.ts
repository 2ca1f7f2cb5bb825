import type { DetectSettings } from '../../shared/app/detect-request.ts';
import type { JudgementObserver } from '../../shared/app/judgement-observer.ts';
import type { KeyDirectory, KeyFacts } from '../../shared/domain/assess/key-facts.ts';
import { priceRange } from '../../shared/domain/assess/price.ts';
import { type KeyArn, seriesName } from '../../shared/domain/usage/key.ts';
import { isUnknown } from '../../shared/domain/usage/series.ts';
import type { Bin } from '../../shared/domain/usage/time.ts';
import { midUsd } from '../../shared/domain/usd-range.ts';
import type { CheckedSeries } from '../../shared/render/report/check-page.ts';
import { seriesRecorder } from '../../shared/render/report/series-recorder.ts';
import { UsageError } from '../usage-error.ts';

/** What was judged from a bin on. */
export interface Followed {
  readonly observer: JudgementObserver;
  readonly directory: () => KeyDirectory;
  readonly series: () => readonly CheckedSeries[];
}

/** Looks on while keys are judged and keeps what is drawn of them; from `wholeFrom` on every bin. */
export function follow(fromBin: Bin, wholeFrom?: Bin): Followed {
  const recorder = seriesRecorder(wholeFrom);
  const keys = new Map<KeyArn, KeyFacts>();
  const requests = new Map<string, number>();
  const observer: JudgementObserver = {
    onKey: (facts) => keys.set(facts.keyArn, facts),
    onScore(id, score, ...verdict) {
      if (score.bin < fromBin) return;
      recorder.record(id, score, ...verdict);
      const name = seriesName(id);
      if (!isUnknown(score.requests)) requests.set(name, (requests.get(name) ?? 0) + score.requests);
    },
  };
  return {
    observer,
    directory: () => ({ keys }),
    series: () =>
      recorder.charts().map((chart) => {
        const { keyArn, operation } = chart.id;
        const price = midUsd(priceRange(operation, keys.get(keyArn)?.spec));
        return { chart, usd: price * (requests.get(seriesName(chart.id)) ?? 0) };
      }),
  };
}

/** Settings with somebody who looks on, if a page is wanted. */
export const followedBy = (settings: DetectSettings, followed: Followed | undefined): DetectSettings =>
  followed ? { ...settings, observer: followed.observer } : settings;

/** A page draws what the detector has judged, which its answer does not carry. */
export function refuseFunction(
  command: string,
  options: { readonly html?: string; readonly function?: string },
) {
  if (options.html !== undefined && options.function !== undefined)
    throw new UsageError(
      `--html: not with --function, whose answer has no series to draw; \`${command}\` without it reads them from your account`,
    );
}
