import type { Message } from '../domain/incident/message.ts';
import type { Severity } from '../domain/policy.ts';
import { type EpochSeconds, isoTime } from '../domain/usage/time.ts';
import { headline, keyName, messageSeverity } from './headline.ts';
import { plainText } from './slack-text.ts';
import { type Story, storyOf } from './story.ts';
import { plain } from './text.ts';

/** An event as PagerDuty takes it, without the routing key: whoever sends it adds that. */
export interface PagerDutyEvent {
  readonly event_action: 'trigger' | 'acknowledge' | 'resolve';
  /** Names the alert: everything about one incident has the same. */
  readonly dedup_key: string;
  readonly client?: string;
  readonly payload?: PagerDutyPayload;
  readonly links?: readonly { readonly href: string; readonly text: string }[];
}

/** What an alert says. */
interface PagerDutyPayload {
  readonly summary: string;
  readonly source: string;
  readonly severity: 'critical' | 'warning' | 'info';
  readonly timestamp: string;
  readonly component?: string;
  readonly group: string;
  readonly class: string;
  readonly custom_details: Readonly<Record<string, string>>;
}

/** PagerDuty takes 1,024 characters; what a phone shows is shorter. */
const MAX_SUMMARY = 250;
/** One sentence, figure or title. With MAX_LINES it keeps an event far below the 512 KB that PagerDuty takes. */
const MAX_PIECE = 700;
const MAX_LINES = 100;
const MAX_LINKS = 10;

const SEVERITIES = { page: 'critical', notice: 'warning', digest: 'info' } as const satisfies Record<
  Severity,
  string
>;

/**
 * The events for PagerDuty (https://developer.pagerduty.com/docs/events-api-v2/trigger-events/), to be sent in this
 * order: a drill ends its own alert, several keys are alerts of their own, because each is to be resolved by itself.
 */
export function renderPagerDuty(message: Message): PagerDutyEvent[] {
  switch (message.kind) {
    case 'incident': {
      const { reason, incident } = message.notification;
      const dedupKey = safe(plain(incident.id, 64));
      if (reason === 'acknowledged') return [{ event_action: 'acknowledge', dedup_key: dedupKey }];
      return reason === 'resolved' ? [resolve(dedupKey, message)] : [trigger(dedupKey, message)];
    }
    case 'group':
      return message.items.flatMap((item) =>
        renderPagerDuty({ kind: 'incident', origin: message.origin, ...item }),
      );
    case 'drill': {
      const dedupKey = safe(plain(message.id, 120));
      return [trigger(dedupKey, message), resolve(dedupKey, message)];
    }
    // A report is for reading: it ends its own alert, so that none stays open.
    case 'notice': {
      const dedupKey = safe(plain(message.notice.id, 120));
      return [trigger(dedupKey, message), resolve(dedupKey, message)];
    }
    default:
      return message satisfies never;
  }
}

type Single = Exclude<Message, { kind: 'group' }>;

const trigger = (dedupKey: string, message: Single): PagerDutyEvent => ({
  event_action: 'trigger',
  dedup_key: dedupKey,
  client: 'kms-runaway-detector',
  ...contentOf(message),
});

/** PagerDuty needs the dedup_key alone; the end is told in full all the same. */
const resolve = (dedupKey: string, message: Single): PagerDutyEvent => ({
  event_action: 'resolve',
  dedup_key: dedupKey,
  ...contentOf(message),
});

function contentOf(message: Single): Pick<PagerDutyEvent, 'payload' | 'links'> {
  const story = storyOf(message);
  const { account, region } = message.origin;
  return {
    payload: {
      summary: safe(headline(message, MAX_SUMMARY)),
      source: safe(story.keyArn ?? 'kms-runaway-detector'),
      severity: SEVERITIES[messageSeverity(message)],
      timestamp: isoTime(timeOf(message)),
      ...(message.kind === 'incident' ? { component: safe(keyName(message.key)) } : {}),
      group: safe(`${plain(account, 64)} ${plain(region, 20)}`.trim()),
      class: 'kms-usage',
      custom_details: detailsOf(story),
    },
    links: story.links.slice(0, MAX_LINKS).map(({ label, url }) => ({ href: url, text: label })),
  };
}

function timeOf(message: Single): EpochSeconds {
  switch (message.kind) {
    case 'incident':
      return message.notification.at;
    case 'notice':
      return message.notice.at;
    case 'drill':
      return message.at;
    default:
      return message satisfies never;
  }
}

/** The story as PagerDuty's table of details shows it: one row for each label. */
function detailsOf(story: Story): PagerDutyPayload['custom_details'] {
  const lines: (readonly [label: string, line: string])[] = [
    ...story.lead.map((sentence) => ['What happened', sentence] as const),
    ...(story.chart ? [['Requests', `${story.chart.bars}  ${story.chart.caption}`] as const] : []),
    ...[...story.figures, ...story.notes].map(({ label, text }) => [label, text] as const),
    ...story.items.flatMap(({ title, lines: more }) =>
      [title, ...more].map((line) => ['Keys', line] as const),
    ),
    ...(story.keyArn ? [['Key ARN', story.keyArn] as const] : []),
    // A command is shown whole and as it is, or not at all: half a line would do something else.
    ...story.commands
      .filter(({ line }) => safe(line) === line && !line.includes('`'))
      .map(({ label, line }) => [`${label} (paste into a shell)`, line] as const),
    ...story.footer.map((line) => ['Message', line] as const),
  ];
  const details: Record<string, string> = {};
  for (const [label, line] of lines.slice(0, MAX_LINES)) {
    const held = details[label];
    details[label] = held === undefined ? safe(line) : `${held}\n${safe(line)}`;
  }
  return details;
}

/** PagerDuty passes texts on to chats and mails, so they may neither mention anybody nor hold tags. */
const safe = (text: string): string => plainText(text, MAX_PIECE);
