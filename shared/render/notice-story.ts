import { PRICES } from '../domain/assess/price.ts';
import { NOTICE_QUOTA_SHARE } from '../domain/assess/severity.ts';
import { REPORT_HOUR } from '../domain/calendar.ts';
import { entryOf } from '../domain/entry-of.ts';
import type { MessageOrigin } from '../domain/incident/message.ts';
import type {
  DeadReceiverFacts,
  DigestFacts,
  FirstDayFacts,
  HistoryFacts,
  Notice,
  ReceiverState,
  WeeklyFacts,
  WelcomeFacts,
} from '../domain/notice.ts';
import { statusCommand, testAlertCommand } from './commands.ts';
import { expectedText } from './forecast-text.ts';
import { counted } from './notice-headline.ts';
import { billItem, incidentItems } from './notice-items.ts';
import { count, percent, usd } from './number.ts';
import type { Figure, Story } from './story.ts';
import { plain } from './text.ts';
import { datedMomentText, durationText, momentText } from './time.ts';

type Told = Omit<Notice, 'deliveries'>;

/** What is told of a notice; each kind adds its own. */
type Parts = Pick<Story, 'lead'> & Partial<Story>;

/** A message without an incident, in plain words. */
export function noticeStory(notice: Told, origin: MessageOrigin): Story {
  const { facts, at } = notice;
  return {
    figures: [],
    items: [],
    notes: [],
    links: [],
    commands: [],
    footer: [`Message ${plain(notice.id, 64)}`, datedMomentText(at, origin.timeZone)],
    ...partsOf(notice, origin),
  };

  function partsOf(_: Told, where: MessageOrigin): Parts {
    switch (facts.kind) {
      case 'digest':
        return digest(facts, where);
      case 'weekly':
        return weekly(facts, where);
      case 'welcome':
        return welcome(facts, where);
      case 'firstDay':
        return firstDay(facts, where);
      case 'deadReceiver':
        return deadReceiver(facts, where);
      default:
        return facts satisfies never;
    }
  }
}

const LIST_PRICES: Figure = {
  label: 'Assumed',
  text: `AWS list prices (us-east-1, ${PRICES.readOn}); where a price is a range, its lower end.`,
};

function digest({ until, incidents, total, totalUsd }: DigestFacts, origin: MessageOrigin): Parts {
  return {
    lead: [
      `${counted(total, 'runaway')} cost less than is told at once: ${usd(totalUsd)} in all, up to ${momentText(until, origin.timeZone)}.`,
      'Nothing here is urgent. A job that has changed for good shows up here first.',
    ],
    items: incidentItems(incidents, total, origin),
    notes: [LIST_PRICES],
    commands: statusCommand(origin),
  };
}

function weekly(facts: WeeklyFacts, origin: MessageOrigin): Parts {
  const { from, until, bill, total, totalUsd, pages, notices, open, standing, unread } = facts;
  const small = total - pages - notices;
  const loudness = [
    ...(pages > 0 ? [counted(pages, 'page')] : []),
    ...(notices > 0 ? [counted(notices, 'notice')] : []),
    ...(small > 0 ? [`${count(small)} too small to be told at once`] : []),
  ];
  return {
    lead: [
      `KMS requests of ${counted(bill.keys, 'key')} cost ${usd(bill.usd)} in the last seven days${againstUsual(bill.usd, bill.usualUsd)}.`,
      total === 0
        ? 'No key ran away this week.'
        : `${counted(total, 'runaway')} cost ${usd(totalUsd)} extra: ${loudness.join(', ')}. ${openText(open, standing)}`,
      bill.grown.length === 0 ? 'No key costs clearly more than in a usual week.' : '',
    ].filter(Boolean),
    figures: [
      {
        label: 'Week',
        text: `${momentText(from, origin.timeZone)} to ${momentText(until, origin.timeZone)}.`,
      },
      {
        label: 'Watching',
        text: `about ${usd(facts.watchingUsd)} a week for ${count(facts.metricsAWeek)} metrics read from CloudWatch.`,
      },
    ],
    items: [
      ...billItem('What grew', bill.grown),
      ...billItem('The bill by key', bill.top),
      ...incidentItems(facts.incidents, total, origin),
    ],
    notes: [
      LIST_PRICES,
      ...(unread > 0
        ? [
            {
              label: 'Not known',
              text: `runaways that have ended of ${counted(unread, 'key')}: no time was left.`,
            },
          ]
        : []),
    ],
    commands: statusCommand(origin),
  };
}

const openText = (open: number, standing: number): string => {
  if (open === 0) return 'All are over.';
  const levels = standing > 0 ? `, ${count(standing)} of them as a new level that lasts` : '';
  return `${open === 1 ? '1 goes on' : `${count(open)} go on`}${levels}.`;
};

/** `, 12% more than usual`; nothing where there is no usual week yet. */
function againstUsual(cost: number, usual: number): string {
  if (usual < 0.01) return '';
  const change = cost / usual - 1;
  if (Math.abs(change) < 0.02) return ', as usual';
  return `, ${percent(Math.abs(change))} ${change > 0 ? 'more' : 'less'} than usual`;
}

function welcome(facts: WelcomeFacts, origin: MessageOrigin): Parts {
  const { keys, series, unlearned, receivers, pageUsdPerHour, noticeUsdPerHour } = facts;
  const unconfirmed = receivers.filter(({ confirmed }) => confirmed === 0);
  return {
    lead: [
      `The detector has made its first check. From now on you hear when a KMS key${unlearned === 0 ? '' : ' whose usual is known'} runs away, and when it is over.`,
      `${counted(keys, 'key is', 'keys are')} in use, with ${counted(series, 'pair')} of key and operation.`,
      unlearned === 0
        ? 'What is usual is known for all of them.'
        : `What is usual is now learned from up to eight weeks of CloudWatch's history, ${counted(unlearned, 'pair')} to go. Until then only a fixed limit of the policy, or the Region's quota, can tell of them.`,
      ...unconfirmed.map(
        ({ name }) =>
          `Nobody has confirmed a subscription of ${receiverName(name)}: messages there reach nobody.`,
      ),
    ],
    figures: [
      { label: 'Told to', text: `${receivers.map(receiverText).join('; ')}.` },
      {
        label: 'At once',
        text: `from ${usd(noticeUsdPerHour)} an hour above the usual, or ${percent(NOTICE_QUOTA_SHARE)} of the Region's quota; as a page from ${usd(pageUsdPerHour)} an hour, or where that quota will be full within an hour.`,
      },
      {
        label: 'Digest',
        text: `what costs less, once a day at 0${REPORT_HOUR}:00 ${plain(origin.timeZone, 40)}; a report on Mondays.`,
      },
    ],
    commands: [...testAlertCommand(origin), ...statusCommand(origin)],
  };
}

const RECEIVER_NAMES: Readonly<Record<string, string>> = {
  sns: 'the SNS topic (email)',
  slack: 'Slack',
  pagerduty: 'PagerDuty',
  event: 'EventBridge',
};

/** How a receiver is called in a sentence. */
const receiverName = (name: string): string => entryOf(RECEIVER_NAMES, name) ?? plain(name, 20);

function receiverText({ name, confirmed, unconfirmed = 0 }: ReceiverState): string {
  if (confirmed === undefined) return receiverName(name);
  const waiting = unconfirmed > 0 ? `, ${count(unconfirmed)} not confirmed yet` : '';
  return `${receiverName(name)}: ${counted(confirmed, 'subscription')} confirmed${waiting}`;
}

function firstDay({ series, bill, history }: FirstDayFacts, origin: MessageOrigin): Parts {
  return {
    lead: [
      `What is usual is known now: ${counted(series, 'pair')} of key and operation are compared with their own history from here on.`,
      `KMS requests of ${counted(bill.keys, 'key')} cost ${usd(bill.usd)} in the last seven days${againstUsual(bill.usd, bill.usualUsd)}.`,
      ...(bill.top.length > 0
        ? ['These keys cost most. That is no alarm: it is what was there before.']
        : []),
      ...(history ? [historyText(history)] : []),
    ],
    figures: history ? [forecastFigure(history)] : [],
    items: [
      ...billItem('The bill by key', bill.top),
      ...(history && history.total > 0 ? incidentItems(history.incidents, history.total, origin) : []),
    ],
    notes: [LIST_PRICES, ...leftOutNote(history)],
  };
}

/** What people would have heard before anybody watched. */
function historyText({ from, until, total, totalUsd, pages, small }: HistoryFacts): string {
  const told =
    total === 0
      ? 'nothing at once'
      : `${counted(total, 'runaway')} at once${pages > 0 ? `, ${counted(pages, 'page')} among them` : ''}: ${usd(totalUsd)} extra`;
  const others = small > 0 ? `; ${count(small)} more would have waited for a digest` : '';
  return `In the ${durationText(until - from)} before, you would have heard of ${told}${others}.`;
}

const forecastFigure = ({ forecast }: HistoryFacts): Figure => ({
  label: 'Expect',
  text: expectedText(forecast),
});

const leftOutNote = (history: HistoryFacts | undefined): Figure[] =>
  history && history.leftOut > 0
    ? [{ label: 'Left out', text: `the past of ${counted(history.leftOut, 'pair')} of key and operation.` }]
    : [];

function deadReceiver(facts: DeadReceiverFacts, origin: MessageOrigin): Parts {
  const { receiver, since, reason, waiting, lost } = facts;
  const name = receiverName(receiver);
  return {
    lead: [
      `Messages do not arrive at ${name}. You read this because another receiver still works.`,
      deadText(waiting, lost),
    ],
    figures: [
      { label: 'Since', text: momentText(since, origin.timeZone) },
      { label: 'Reason', text: plain(reason, 300) },
      { label: 'To do', text: remedy(receiver) },
    ],
    commands: [...testAlertCommand(origin), ...statusCommand(origin)],
  };
}

function deadText(waiting: number, lost: number): string {
  const tried = `${counted(waiting, 'message')} ${waiting === 1 ? 'is' : 'are'} still tried`;
  const gone = `${counted(lost, 'message')} ${lost === 1 ? 'was' : 'were'} given up after a day`;
  return `${[...(waiting > 0 ? [tried] : []), ...(lost > 0 ? [gone] : [])].join('; ')}.`;
}

/** What mends it most often. */
function remedy(receiver: string): string {
  switch (receiver) {
    case 'sns':
      return 'Confirm the subscription: click the link in the email from AWS, or subscribe another address.';
    case 'slack':
      return "Make a new webhook for the channel, or renew the bot's token, and put it into the secret.";
    case 'pagerduty':
      return 'Look up the integration key of the PagerDuty service and put it into the secret.';
    case 'event':
      return 'See that the event bus exists and that its policy lets the function put events on it (events:PutEvents).';
    default:
      return 'See the reason above.';
  }
}
