/** The colours on dark ground. */
export const DARK =
  '--page: #17181b; --ink: #e6e7e8; --dim: #b3b7bd; --line: #33373d; --band: #50555d; --use: #8bbcf5; --red: #ff6b6b; --amber: #e3b341; color-scheme: dark;';

/** The colours on light ground. */
export const LIGHT =
  '--page: #fff; --ink: #1d1c1d; --dim: #55595f; --line: #e3e6ea; --band: #d5d8dd; --use: #0b5cad; --red: #c81e1e; --amber: #9a6700; color-scheme: light;';

/** Charts that are drawn as SVG, on the page and by themselves. */
export const CHART_STYLE = `
.band-chart { display: block; } .band-chart text { fill: var(--ink); font: 12px system-ui, sans-serif; } .band-chart path { fill: none; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
.band-chart .band { fill: var(--band); } .band-chart .grid { stroke: var(--ink); stroke-opacity: .12; } .band-chart .usual { stroke: var(--dim); stroke-dasharray: 4 4; } .band-chart .use { stroke: var(--use); stroke-width: 1.5px; }
.band-chart .red { stroke: var(--red); stroke-width: 3px; stroke-linecap: round; } .band-chart .standing { stroke: var(--amber); stroke-width: 6px; } .band-chart .explained { stroke: var(--ink); stroke-width: 1.5px; } .band-chart .noticed { stroke: var(--ink); stroke-width: 1.5px; stroke-dasharray: 5 4; }
`;

/** The report's own style: light, dark, phone and paper. */
export const STYLE = `
:root { ${LIGHT} }
@media screen and (prefers-color-scheme: dark) { :root:not([data-theme=light]) { ${DARK} } }
@media screen { :root[data-theme=dark] { ${DARK} } }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1100px; margin: 0 auto; padding: 16px; }
header { display: flex; gap: 8px 16px; justify-content: space-between; align-items: start; }
h1 { font-size: 24px; line-height: 1.3; margin: 0; } h2 { font-size: 18px; margin: 36px 0 8px; } .lead { font-size: 17px; max-width: 75ch; }
a { color: var(--use); }
button { font: inherit; color: inherit; background: none; border: 1px solid var(--dim); border-radius: 6px; padding: 4px 10px; cursor: pointer; white-space: nowrap; }
button:disabled { opacity: .5; cursor: default; } button[aria-pressed=true] { background: var(--band); }
th button { border: 0; padding: 0; font-weight: 600; } :focus-visible { outline: 3px solid var(--use); outline-offset: 2px; }
.scroll + .scroll { margin-top: 16px; } .scroll { overflow: auto; max-height: 480px; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 4px 20px 4px 0; border-bottom: 1px solid var(--line); white-space: nowrap; } .number { text-align: right; }
th { position: sticky; top: 0; background: var(--page); }
th[aria-sort=ascending] button::after { content: ' ▲'; } th[aria-sort=descending] button::after { content: ' ▼'; }
.time-line { display: block; margin: 12px 0; font-size: 13px; } .time-line text { fill: var(--ink); } .time-line .day { stroke: var(--line); }
.time-line rect { stroke-width: 3px; fill-opacity: .7; } rect.page { fill: var(--red); stroke: var(--red); } rect.notice { fill: var(--amber); stroke: var(--amber); } rect.digest { fill: var(--dim); stroke: var(--dim); }
.legend { list-style: none; padding: 0; margin: 8px 0; } .legend li { padding-left: 36px; position: relative; }
.legend i { position: absolute; left: 0; top: .7em; width: 24px; height: 0; border-top: 2px solid; }
.legend .band { top: .25em; border: 0; height: 1em; background: var(--band); } .legend .use { border-color: var(--use); } .legend .usual { border-color: var(--dim); border-top-style: dashed; }
.legend .red { border-color: var(--red); border-top-width: 4px; } .legend .standing { border-color: var(--amber); border-top-width: 6px; }
.legend .noticed { left: 11px; top: .15em; width: 0; height: 1.2em; border-top: 0; border-left: 2px dashed var(--ink); }
figure { margin: 24px 0 32px; content-visibility: auto; contain-intrinsic-size: auto 350px; scroll-margin-top: 16px; } figure:target figcaption b { text-decoration: underline 3px var(--use); }
figcaption { overflow-wrap: anywhere; } .arn { color: var(--dim); font-size: 13px; }
.plot { height: 220px; position: relative; margin: 6px 0; } .tools output { align-self: center; color: var(--dim); } .tools { display: flex; flex-wrap: wrap; gap: 6px; min-height: 28px; margin-top: 6px; font-size: 13px; }
.tip { position: absolute; z-index: 3; top: 8px; pointer-events: none; padding: 4px 8px; border: 1px solid var(--dim); border-radius: 6px; background: var(--page); font-size: 13px; line-height: 1.4; white-space: pre; }
td .bar { display: block; min-width: 140px; } .bar rect { fill: var(--use); fill-opacity: .55; } .bar rect.red { fill: var(--red); fill-opacity: 1; } .bar line { stroke: var(--ink); stroke-width: 1.5px; } .bar .mark { stroke-width: 3px; }
.legend .explained { left: 11px; top: .15em; width: 0; height: 1.2em; border-top: 0; border-left: 2px solid var(--ink); }
code { font-size: 13px; } pre { overflow-x: auto; padding: 8px 12px; border: 1px solid var(--line); border-radius: 6px; } dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; } dd { margin: 0; overflow-wrap: anywhere; } .facts { padding-left: 20px; max-width: 90ch; overflow-wrap: anywhere; }
summary { cursor: pointer; color: var(--dim); }
${CHART_STYLE}@media (scripting: none) { .plot, .tools, details, button#theme { display: none; } th button { pointer-events: none; } }
@media (max-width: 500px) { td:first-child { white-space: normal; min-width: 9em; } th, td { padding-right: 12px; } td .bar { min-width: 100px; } .tools { min-height: 64px; } figure { contain-intrinsic-size: auto 420px; } }
@media print { .scroll { max-height: none; overflow: visible; } button#theme, details, .tools { display: none; } figure { break-inside: avoid; content-visibility: visible; } }
`;
