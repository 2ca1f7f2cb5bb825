import type { Ranking } from '../../domain/top.ts';
import { escapeHtml } from './html.ts';
import { page, type ReportAssets } from './page.ts';
import { useTables } from './use-tables.ts';

/** A Region's ranking, with the time it is of: ISO 8601. */
export interface RegionRanking extends Ranking {
  readonly region: string;
  readonly from: string;
  readonly to: string;
}

/** Rankings of one or more Regions as one self-contained page. */
export const topPage = (reports: readonly RegionRanking[], assets: ReportAssets): string =>
  page('Who uses most of KMS', reports.map(regionOf).join('\n') || '<p>No KMS use.</p>', [], assets);

const regionOf = (report: RegionRanking): string =>
  `<p class="lead">${escapeHtml(`${report.region}, ${report.from} to ${report.to}`)}</p>\n${useTables(report)}`;
