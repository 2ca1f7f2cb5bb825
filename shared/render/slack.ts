import type { ContextBlock, HeaderBlock, KnownBlock, MrkdwnElement, SectionBlock } from '@slack/types';
import type { Message } from '../domain/incident/message.ts';
import type { Link } from './console-links.ts';
import { headline } from './headline.ts';
import { codeText, joinWithin, mrkdwn, plainText } from './slack-text.ts';
import { type Figure, type Story, storyOf } from './story.ts';

/** The body of a Slack message. `text` is what notifications and screen readers say. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

// https://docs.slack.dev/reference/block-kit/blocks
const MAX_HEADER = 150;
const MAX_SECTION = 3000;
const MAX_FIELDS = 10;
const MAX_FIELD = 2000;

/** Slack refuses messages of more than about 13,200 characters of blocks; it documents no number. */
const MAX_BLOCKS_LENGTH = 12_000;
/** Documented: 50 blocks. */
const MAX_BLOCKS = 50;

/** Longest text of a message without blocks; Slack shows up to 4,000 characters. */
const MAX_TEXT = 3900;

/** One sentence, figure or title: far more than any of ours, far less than a section. */
const MAX_PIECE = 700;

const SEPARATOR = '  |  ';

/** The message for Slack, within Block Kit's limits whatever the account's names hold. */
export function renderSlack(message: Message): SlackMessage {
  const story = storyOf(message);
  const first = headline(message, MAX_HEADER);
  const blocks: KnownBlock[] = [
    header(first),
    ...section([story.lead.map((sentence) => mrkdwn(sentence, MAX_PIECE)).join('\n')]),
    ...section(chartParts(story)),
    ...fields(story.figures),
    ...story.items.flatMap(itemSection),
    ...context(story.notes.map(figureText)),
    ...section([joinWithin(story.links.map(linkText), SEPARATOR, MAX_SECTION)]),
    ...story.commands.flatMap(({ label, line }) => commandSection(label, line)),
    ...context([
      ...(story.keyArn ? [`\`${codeText(story.keyArn, MAX_PIECE)}\``] : []),
      mrkdwn(story.footer.join(', '), MAX_PIECE),
    ]),
  ];
  return { text: mrkdwn(first, MAX_PIECE), blocks: withinBudget(blocks) };
}

/** The same message without blocks, for a workspace that refuses them. */
export function renderSlackText(message: Message): Pick<SlackMessage, 'text'> {
  const story = storyOf(message);
  const lines = [
    `*${mrkdwn(headline(message, MAX_HEADER), MAX_PIECE)}*`,
    ...story.lead.map((sentence) => mrkdwn(sentence, MAX_PIECE)),
    ...chartParts(story),
    ...[...story.figures, ...story.notes].map(figureText),
    ...story.items.map(({ title, lines: more }) => mrkdwn([title, ...more].join('. '), MAX_PIECE)),
    ...story.links.map(linkText),
    mrkdwn(story.footer.join(', '), MAX_PIECE),
  ];
  return { text: joinWithin(lines, '\n', MAX_TEXT) };
}

const header = (text: string): HeaderBlock => ({
  type: 'header',
  text: { type: 'plain_text', text: plainText(text, MAX_HEADER), emoji: false },
});

/** `verbatim`: Slack makes no links and no mentions of its own out of the text. */
const element = (text: string): MrkdwnElement => ({ type: 'mrkdwn', text, verbatim: true });

function section(parts: readonly string[]): SectionBlock[] {
  const text = joinWithin(parts, '\n', MAX_SECTION);
  return text === '' ? [] : [{ type: 'section', text: element(text) }];
}

function fields(figures: readonly Figure[]): SectionBlock[] {
  if (figures.length === 0) return [];
  const texts = figures
    .slice(0, MAX_FIELDS)
    .map(({ label, text }) => `*${label}*\n${mrkdwn(text, MAX_PIECE)}`);
  return [{ type: 'section', fields: texts.filter((text) => text.length <= MAX_FIELD).map(element) }];
}

function context(parts: readonly string[]): ContextBlock[] {
  const text = joinWithin(parts, '\n', MAX_FIELD);
  return text === '' ? [] : [{ type: 'context', elements: [element(text)] }];
}

const chartParts = ({ chart }: Story): string[] =>
  chart ? [`\`${codeText(chart.bars, MAX_PIECE)}\`  ${mrkdwn(chart.caption, MAX_PIECE)}`] : [];

const figureText = ({ label, text }: Figure): string => `*${label}:* ${mrkdwn(text, MAX_PIECE)}`;

/** A link of ours: the address is percent-encoded, the label is a constant. */
const linkText = ({ label, url }: Link): string =>
  `<${url.replace(/[<>|]/g, encodeURIComponent).replaceAll('&', '&amp;')}|${label}>`;

const itemSection = ({ title, lines, links }: Story['items'][number]): SectionBlock[] =>
  section([
    `*${mrkdwn(title, MAX_PIECE)}*`,
    ...lines.map((line) => mrkdwn(line, MAX_PIECE)),
    joinWithin(links.map(linkText), SEPARATOR, MAX_SECTION),
  ]);

/** A command is shown whole or not at all: half a line would do something else. */
function commandSection(label: string, line: string): SectionBlock[] {
  const code = codeText(line, Number.POSITIVE_INFINITY);
  const text = `*${label}* (paste into a shell)\n\`\`\`${code}\`\`\``;
  return text.length <= MAX_SECTION ? section([text]) : [];
}

/** Drops blocks from the last but one upwards until Slack takes the message: the first and the footer stay. */
function withinBudget(blocks: readonly KnownBlock[]): KnownBlock[] {
  const kept = [...blocks];
  while (kept.length > 2 && (kept.length > MAX_BLOCKS || JSON.stringify(kept).length > MAX_BLOCKS_LENGTH)) {
    kept.splice(-2, 1);
  }
  return kept;
}
