import type { LocalAws } from '../../../infra/local/server.ts';
import type { EpochSeconds } from '../../../shared/domain/usage/time.ts';

/** Receivers of the bundle that people hear through. */
export const HEARD_BY = ['sns', 'slack', 'pagerduty', 'events'] as const;
export type HeardBy = (typeof HEARD_BY)[number];

/** One telling of one incident that a receiver took. */
export interface Heard {
  readonly receiver: HeardBy;
  readonly at: EpochSeconds;
  readonly incident: string;
  /** PAGE, NOTICE, RESOLVED or what else the headline begins with; the event's kind for events. */
  readonly kind: string;
  /** The whole headline: names the message, as figures are as they were when it was planned. */
  readonly headline: string;
  readonly bytes: number;
}

const ID = /kms-\d{8}T\d{4}-\w+/g;

/** What each receiver has taken so far, of incidents. */
export function heardOf({ sns, slack, pagerduty, events }: LocalAws): Heard[] {
  return [
    ...sns.messages.flatMap((one) => heard('sns', one.at, one.subject ?? '', one.message)),
    ...slack.inbox.flatMap((one) => heard('slack', one.at, one.text ?? '', JSON.stringify(one.payload))),
    ...pagerduty.inbox.flatMap((one) => {
      const text = JSON.stringify(one.event);
      const summary = /"summary":"([^"]*)"/.exec(text)?.[1] ?? one.action;
      return heard('pagerduty', one.at, summary, `${text} ${one.dedupKey}`);
    }),
    ...events.inbox.flatMap((one) => {
      const { kind, headline } = one.detail;
      return heard('events', one.at, `${String(kind)} ${String(headline)}`, JSON.stringify(one.detail));
    }),
  ];
}

function heard(receiver: HeardBy, at: EpochSeconds, headline: string, text: string): Heard[] {
  const ids = [...new Set(text.match(ID))];
  const [kind = ''] = headline.split(' ');
  return ids.map((incident) => ({ receiver, at, incident, kind, headline, bytes: Buffer.byteLength(text) }));
}
