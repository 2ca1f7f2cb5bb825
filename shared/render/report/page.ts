import { escapeHtml, scriptJson } from './html.ts';

/** What every page brings along, made by the build. */
export interface ReportAssets {
  /** The chart library with the page's own script. */
  readonly script: string;
  /** The library's style with the page's own. */
  readonly style: string;
  /** Content security policy that admits these two and nothing else. */
  readonly policy: string;
}

/** A self-contained page. `body` is HTML; `drawings` is what its charts are drawn of, by number. */
export const page = (
  title: string,
  body: string,
  drawings: readonly unknown[],
  { script, style, policy }: ReportAssets,
): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><main><header><h1>${escapeHtml(title)}</h1><button type="button" id="theme">Light or dark</button></header>
${body}
<noscript><p>Zooming, sorting and the tables of values need JavaScript.</p></noscript></main>
<script type="application/json" id="report-drawings">${scriptJson(drawings)}</script><script>${script}</script></body></html>
`;
