import { createHash } from 'node:crypto';
import type { ReportAssets } from '../../shared/render/report/page.ts';
import { STYLE } from '../../shared/render/report/style.ts';

/** Put in by the build: the page's script with the chart library in it, and the library's style. */
declare const REPORT_SCRIPT: string;
declare const REPORT_STYLE: string;

/** What a report brings along, so that it needs no network, and may not use any. */
export function reportAssets(): ReportAssets {
  const style = REPORT_STYLE + STYLE;
  return {
    script: REPORT_SCRIPT,
    style,
    policy: `default-src 'none'; img-src data:; script-src ${hashOf(REPORT_SCRIPT)}; style-src ${hashOf(style)}; base-uri 'none'; form-action 'none'`,
  };
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
