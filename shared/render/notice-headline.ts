import type { Notice } from '../domain/notice.ts';
import { count, usd } from './number.ts';
import { plain } from './text.ts';
import { durationText } from './time.ts';

/** The parts of a headline: a word in capitals, what it is about beside the account, and the news. */
export interface NoticeHeadline {
  readonly word: string;
  readonly subject: string;
  readonly text: string;
}

/** `1 key`, `3 keys`. */
export const counted = (number: number, one: string, many = `${one}s`): string =>
  `${count(number)} ${number === 1 ? one : many}`;

/** What a notice says on the screen of a locked phone. */
export function noticeHeadline({ facts, at }: Omit<Notice, 'deliveries'>): NoticeHeadline {
  switch (facts.kind) {
    case 'digest': {
      const text = `${counted(facts.total, 'small runaway')}, ${usd(facts.totalUsd)} extra, nothing urgent`;
      return { word: 'DIGEST', subject: '', text };
    }
    case 'weekly': {
      const { bill, total, open } = facts;
      const more = open > 0 ? `, ${count(open)} still open` : '';
      const runaways = total === 0 ? 'no runaway' : counted(total, 'runaway');
      const text = `KMS requests cost ${usd(bill.usd)}, ${runaways}${more}`;
      return { word: 'WEEKLY', subject: '', text };
    }
    case 'welcome':
      return { word: 'WELCOME', subject: '', text: `watching ${counted(facts.keys, 'KMS key')} from now on` };
    case 'firstDay': {
      const text = `the usual of ${counted(facts.bill.keys, 'key')} is known, ${usd(facts.bill.usd)} a week`;
      return { word: 'READY', subject: '', text };
    }
    case 'deadReceiver': {
      const lost = facts.lost > 0 ? `, ${count(facts.lost)} lost` : '';
      const text = `messages have not arrived for ${durationText(at - facts.since)}${lost}`;
      return { word: 'RECEIVER', subject: plain(facts.receiver, 20), text };
    }
    default:
      return facts satisfies never;
  }
}
