import type { Bin } from '../../shared/domain/usage/time.ts';
import { type CheckedRegion, checkPage } from '../../shared/render/report/check-page.ts';
import { plain } from '../../shared/render/text.ts';
import { reportAssets } from '../report/assets.ts';
import type { Followed } from '../report/follow.ts';
import { type Checked, costLines, deliveryLines, reasons } from './as-table.ts';

/** The stretch that a page draws, and who looked on while it was judged. */
export interface Drawn {
  readonly followed: Followed;
  readonly fromBin: Bin;
  readonly judgedFrom: Bin;
  readonly endBin: Bin;
}

/** A check as a page; what was not followed is not drawn. */
export const asPage = (checked: readonly Checked[]): string =>
  checkPage(checked.flatMap(regionOf), reportAssets());

function regionOf(checked: Checked): CheckedRegion[] {
  const { region, report, drawn } = checked;
  if (!drawn) return [];
  const { followed, ...stretch } = drawn;
  const remarks = [
    ...reasons('Not known yet', report.insufficientData),
    ...reasons('NOT CHECKED', report.notChecked),
    ...report.unresolved.map((pattern) => `The policy names ${plain(pattern, 80)}, which no key has.`),
    ...deliveryLines(checked),
    ...costLines(checked),
  ];
  return [
    { region, report, remarks, directory: followed.directory(), series: followed.series(), ...stretch },
  ];
}
