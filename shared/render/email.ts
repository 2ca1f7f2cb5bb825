import type { Message } from '../domain/incident/message.ts';
import { headline } from './headline.ts';
import { type Figure, storyOf } from './story.ts';
import { ascii, wrap } from './text.ts';

/** An email as SNS sends it: one subject line, and text without any markup. */
export interface EmailMessage {
  /** Printable ASCII, at most 99 characters, begins with a letter. */
  readonly subject: string;
  readonly text: string;
}

/** SNS refuses subjects of 100 characters and more. */
const MAX_SUBJECT = 99;
const COLUMNS = 72;
const LABEL_COLUMNS = 10;

/** The message as an email. Only addresses and lines to paste are longer than 72 columns: they must not be broken. */
export function renderEmail(message: Message): EmailMessage {
  const story = storyOf(message);
  const paragraphs = [
    wrap(headline(message, 150), COLUMNS),
    story.lead.map((sentence) => wrap(sentence, COLUMNS)).join('\n'),
    story.chart ? `${story.chart.bars}\n${wrap(story.chart.caption, COLUMNS)}` : '',
    story.figures.map(figureLine).join('\n'),
    ...story.items.map(({ title, lines, links }) =>
      [...[title, ...lines].map((line) => wrap(line, COLUMNS)), ...links.map(({ url }) => url)].join('\n'),
    ),
    story.notes.map(figureLine).join('\n'),
    story.links.map(({ label, url }) => `${label}:\n${url}`).join('\n\n'),
    story.commands.map(({ label, line }) => `${label} (paste into a shell):\n${line}`).join('\n\n'),
    [story.keyArn ?? '', ...story.footer.map((line) => wrap(line, COLUMNS))].filter(Boolean).join('\n'),
  ];
  return { subject: subjectOf(message), text: `${paragraphs.filter(Boolean).join('\n\n')}\n` };
}

const subjectOf = (message: Message): string => ascii(headline(message, MAX_SUBJECT, ascii)).trimEnd();

/** A label and its text, which goes on under itself. */
export const figureLine = ({ label, text }: Figure): string =>
  wrap(label.padEnd(LABEL_COLUMNS) + text, COLUMNS, ' '.repeat(LABEL_COLUMNS));
