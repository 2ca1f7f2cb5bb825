/** Put in by the build: the page's script with the chart library in it, and the library's style. */
declare const REPORT_SCRIPT: string;
declare const REPORT_STYLE: string;

/** What a report brings along, so that it needs no network. */
export const reportAssets = (): { script: string; style: string } => ({
  script: REPORT_SCRIPT,
  style: REPORT_STYLE,
});
