import type { SlackMessage } from './slack.ts';

/** One message as each receiver gets it: what a gallery shows. */
export interface GalleryEntry {
  /** What is shown, in the words of whoever shows it. */
  readonly title: string;
  readonly slack?: Partial<SlackMessage>;
  readonly email?: { readonly subject: string; readonly text: string };
  /** Bodies of other receivers, by their names. */
  readonly json?: Readonly<Record<string, unknown>>;
}

/**
 * A page of messages, as people see them: one self-contained file, light and dark, readable on a phone. `lead` says
 * what they are; @default nothing.
 */
export function galleryPage(title: string, entries: readonly GalleryEntry[], lead = ''): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${lead === '' ? '' : `<p class="lead">${escapeHtml(lead)}</p>\n`}${contents(entries)}
${entries.map(section).join('\n')}
</main>
</body>
</html>
`;
}

/** Links to the messages by their titles, each with its number: titles may come twice. */
const contents = (entries: readonly GalleryEntry[]): string =>
  `<nav><ol>${entries.map(({ title }, at) => `<li><a href="#m${at + 1}">${escapeHtml(title)}</a></li>`).join('')}</ol></nav>`;

const STYLE = `
:root { color-scheme: light dark; --line: #d0d4da; --card: #fff; --page: #f4f5f7; --ink: #1d1c1d; --dim: #5c6066; --link: #0b5cad; }
@media (prefers-color-scheme: dark) { :root { --line: #3d4148; --card: #222529; --page: #17181b; --ink: #e6e7e8; --dim: #a9adb3; --link: #8bbcf5; } }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.46 system-ui, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 24px 16px; }
h1 { font-size: 24px; } h2 { font-size: 18px; margin: 40px 0 12px; } h3 { font-size: 13px; color: var(--dim); margin: 0 0 8px; font-weight: 600; }
.lead { max-width: 70ch; } nav ol { columns: 340px; column-gap: 32px; margin: 0; padding-left: 26px; font-size: 14px; } nav li { break-inside: avoid; margin: 0 0 3px; }
.ways { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 14px 16px; min-width: 0; overflow-wrap: anywhere; }
.header { font-weight: 700; font-size: 17px; margin: 0 0 8px; } .block { margin: 0 0 10px; white-space: pre-line; }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: 8px 16px; } .context { color: var(--dim); font-size: 13px; }
a { color: var(--link); } code { font: 12.5px/1.5 ui-monospace, monospace; background: var(--page); padding: 1px 3px; border-radius: 3px; }
pre { font: 12px/1.5 ui-monospace, monospace; margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; } .block pre { background: var(--page); border: 1px solid var(--line); border-radius: 4px; padding: 8px; }
summary { cursor: pointer; } details { margin-top: 16px; }
@media (max-width: 520px) { .fields { grid-template-columns: 1fr; } }
@media print { .card { break-inside: avoid; } }
`;

function section({ title, slack, email, json = {} }: GalleryEntry, at: number): string {
  const cards = [
    ...(slack ? [card('Slack', slackHtml(slack))] : []),
    ...(email
      ? [card('Email', `<pre><b>${escapeHtml(email.subject)}</b>\n\n${escapeHtml(email.text)}</pre>`)]
      : []),
  ];
  const others = Object.entries(json).map(
    ([name, body]) =>
      `<details class="card"${cards.length === 0 ? ' open' : ''}><summary>${escapeHtml(name)}</summary><pre>${escapeHtml(JSON.stringify(body, undefined, 2))}</pre></details>`,
  );
  const ways = cards.length === 0 ? '' : `<div class="ways">\n${cards.join('\n')}\n</div>\n`;
  return `<section id="m${at + 1}">\n<h2>${escapeHtml(title)}</h2>\n${ways}${others.join('\n')}\n</section>`;
}

const card = (name: string, html: string): string =>
  `<article class="card"><h3>${escapeHtml(name)}</h3>\n${html}\n</article>`;

/** A block as Slack shows it; only the kinds that our messages have. */
interface Block {
  readonly type: string;
  readonly text?: { readonly text: string };
  readonly fields?: readonly { readonly text: string }[];
  readonly elements?: readonly { readonly text?: string }[];
}

function slackHtml({ text = '', blocks = [] }: Partial<SlackMessage>): string {
  if (blocks.length === 0) return `<div class="block">${mrkdwnHtml(text)}</div>`;
  return (blocks as readonly Block[]).map(blockHtml).join('\n');
}

function blockHtml({ type, text, fields, elements = [] }: Block): string {
  if (type === 'header') return `<p class="header">${escapeHtml(text?.text ?? '')}</p>`;
  if (type === 'context')
    return `<div class="block context">${elements.map((element) => mrkdwnHtml(element.text ?? '')).join(' ')}</div>`;
  if (fields) {
    const items = fields.map((field) => `<div class="block">${mrkdwnHtml(field.text)}</div>`);
    return `<div class="fields">${items.join('')}</div>`;
  }
  return `<div class="block">${mrkdwnHtml(text?.text ?? '')}</div>`;
}

const TOKEN = /```([\s\S]*?)```|`([^`\n]*)`|<(https:[^|>\s]+)\|([^>]*)>|\*([^*\n]+)\*/g;

/** Slack's markup as HTML. Slack escapes `&`, `<` and `>` as HTML does, so text is taken over with what is left of them. */
function mrkdwnHtml(mrkdwn: string): string {
  let html = '';
  let end = 0;
  for (const match of mrkdwn.matchAll(TOKEN)) {
    const [whole, pre, code, url, label, bold] = match;
    html += rest(mrkdwn.slice(end, match.index));
    if (pre !== undefined) html += `<pre>${rest(pre)}</pre>`;
    else if (code !== undefined) html += `<code>${rest(code)}</code>`;
    else if (url !== undefined) html += `<a href="${rest(url)}">${rest(label ?? '')}</a>`;
    else html += `<b>${rest(bold ?? '')}</b>`;
    end = match.index + whole.length;
  }
  return html + rest(mrkdwn.slice(end));
}

const rest = (escaped: string): string =>
  escaped.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const escapeHtml = (text: string): string => rest(text.replaceAll('&', '&amp;'));
