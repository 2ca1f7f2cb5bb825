const DARK =
  '--page: #17181b; --ink: #e6e7e8; --dim: #b3b7bd; --line: #3d4148; --band: #50555d; --use: #8bbcf5; --red: #ff6b6b; color-scheme: dark;';

/** The report's own style: light, dark, phone and paper. */
export const STYLE = `
:root { --page: #fff; --ink: #1d1c1d; --dim: #55595f; --line: #d0d4da; --band: #d5d8dd; --use: #0b5cad; --red: #c81e1e; color-scheme: light; }
@media screen and (prefers-color-scheme: dark) { :root:not([data-theme=light]) { ${DARK} } }
@media screen { :root[data-theme=dark] { ${DARK} } }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1100px; margin: 0 auto; padding: 16px; }
header { display: flex; flex-wrap: wrap; gap: 8px 16px; justify-content: space-between; align-items: center; }
h1 { font-size: 24px; margin: 0; } h2 { font-size: 18px; margin: 32px 0 8px; } .lead { font-size: 17px; max-width: 70ch; }
button { font: inherit; color: inherit; background: none; border: 1px solid var(--dim); border-radius: 6px; padding: 4px 10px; cursor: pointer; }
th button { border: 0; padding: 0; font-weight: 600; } :focus-visible { outline: 3px solid var(--use); outline-offset: 2px; }
.scroll { overflow: auto; max-height: 480px; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
th[aria-sort=ascending] button::after { content: ' ▲'; } th[aria-sort=descending] button::after { content: ' ▼'; }
figure { margin: 24px 0; content-visibility: auto; contain-intrinsic-size: auto 320px; } .plot { min-height: 220px; }
figcaption { overflow-wrap: anywhere; } summary { cursor: pointer; color: var(--dim); }
@media print { .scroll { max-height: none; } button#theme, details { display: none; } figure { break-inside: avoid; content-visibility: visible; } }
`;
