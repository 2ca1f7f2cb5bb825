import type { ExplainReport } from '../../shared/app/explain-series.ts';
import { seriesName } from '../../shared/domain/usage/key.ts';
import { explainPage } from '../../shared/render/report/explain-page.ts';
import { plain } from '../../shared/render/text.ts';
import { reportAssets } from '../report/assets.ts';
import type { Followed } from '../report/follow.ts';
import { isUnread } from './as-text.ts';

/** Explanations as a page, with what was seen while they were judged. */
export function asPage(report: ExplainReport, followed: Followed): string {
  const charts = new Map(followed.series().map(({ chart }) => [seriesName(chart.id), chart]));
  const series = report.series.flatMap((one) => {
    const chart = charts.get(seriesName(one));
    return chart && !isUnread(one, report) ? [{ ...one, chart }] : [];
  });
  const faults = report.unread.map(
    ({ keyArn, operation, detail }) =>
      `${plain(keyArn, 200)} ${plain(operation, 40)} could not be read: ${plain(detail, 300)}`,
  );
  return explainPage(series, faults, reportAssets());
}
