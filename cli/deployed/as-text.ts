import * as z from 'zod';
import { count, percent, usd } from '../../shared/render/number.ts';
import { tableLines } from '../../shared/render/table.ts';
import { plain } from '../../shared/render/text.ts';

/** Longest name or reason that is printed. */
const NAME = 80;
const REASON = 300;

const name = z.string().transform((text) => plain(text, NAME));
const words = z.string().transform((text) => plain(text, REASON));

const mute = z.object({ id: name, keys: z.array(name), until: name, by: name, reason: words });
const delivery = z.object({ message: z.int(), receiver: name, status: name, reason: words.optional() });

const status = z.object({
  incidents: z.array(
    z.object({
      id: name,
      key: name,
      status: name,
      severity: name,
      openedAt: name,
      excessUsd: z.number(),
      excessAsOf: name,
      ackedBy: name.optional(),
      deliveries: z.array(delivery),
    }),
  ),
  mutes: z.array(mute),
  unreadable: z.array(z.object({ item: name, reason: words })),
  lastRun: z.object({ asOf: name, keys: z.int(), series: z.int(), breaching: z.int() }).nullable(),
  coverage: z.number().nullable(),
  deliveriesPending: z.int(),
  receivers: z.array(name),
  deadReceivers: z.array(z.object({ receiver: name, since: name, reason: words })),
  warning: words.optional(),
});

const WIDTH = 120;

/** How the detector is doing: first what is wrong. */
export function statusText(report: unknown): string {
  const { incidents, mutes, unreadable, lastRun, coverage, deliveriesPending, ...rest } =
    status.parse(report);
  const { receivers, deadReceivers, warning } = rest;
  const undelivered = incidents.flatMap(({ id, deliveries }) =>
    deliveries
      .filter((one) => one.status !== 'sent')
      .map(({ message, receiver, status: state, reason }) => {
        return `Message ${message} of ${id} to ${receiver}: ${state}${reason ? `, ${reason}` : ''}`;
      }),
  );
  return text([
    ...(warning ? [`WARNING: ${warning}`] : []),
    ...deadReceivers.map(({ receiver, since, reason }) => `DEAD: ${receiver} since ${since}: ${reason}`),
    ...unreadable.map(({ item, reason }) => `UNREADABLE: ${item}: ${reason}`),
    lastRun
      ? `Last check ${lastRun.asOf}: ${count(lastRun.keys)} keys, ${count(lastRun.series)} series, ${percent(coverage ?? 0)} checked, ${count(lastRun.breaching)} running away.`
      : 'No check has been completed yet.',
    `Receivers: ${receivers.join(', ') || 'none'}; ${count(deliveriesPending)} deliveries pending.`,
    ...(incidents.length === 0
      ? ['No open incident.']
      : [
          '',
          ...tableLines(
            [
              { head: 'opened' },
              { head: 'key', least: 16 },
              { head: 'severity' },
              { head: 'status' },
              { head: 'excess so far', align: 'right' },
              { head: 'who has it', least: 8 },
              { head: 'id' },
            ],
            incidents.map((one) => [
              one.openedAt,
              one.key,
              one.severity,
              one.status,
              excess(one, lastRun?.asOf),
              one.ackedBy ?? 'nobody yet',
              one.id,
            ]),
            WIDTH,
          ),
        ]),
    ...undelivered,
    ...mutes.map((one) => `Muted: ${muteWords(one)}`),
  ]);
}

/** Where it is not as of the last check, it says as of when. */
const excess = (
  { excessUsd, excessAsOf }: { readonly excessUsd: number; readonly excessAsOf: string },
  lastCheck: string | undefined,
): string => (excessAsOf === lastCheck ? usd(excessUsd) : `${usd(excessUsd)} at ${excessAsOf}`);

/** What each receiver answered to a drill. */
export function testAlertText(report: unknown): string {
  const { id, receivers } = z
    .object({
      id: name,
      receivers: z.array(
        z.object({ receiver: name, outcome: name, proof: words.optional(), reason: words.optional() }),
      ),
    })
    .parse(report);
  return text([
    `Drill ${id}:`,
    ...receivers.map(({ receiver, outcome, proof, reason }) => {
      return `  ${receiver}: ${outcome}${proof ? ` (${proof})` : ''}${reason ? `: ${reason}` : ''}`;
    }),
    ...(receivers.length === 0 ? ['  no receiver is configured: nobody would hear of an incident'] : []),
  ]);
}

/** Which incidents are acknowledged now. */
export function ackText(report: unknown): string {
  const { acknowledged, effect } = z
    .object({
      acknowledged: z.array(z.object({ id: name, key: name, severity: name, by: name })),
      effect: words,
    })
    .parse(report);
  return text([
    ...acknowledged.map(({ id, key, severity, by }) => `${by} has ${id}: ${key}, ${severity}.`),
    `Effect: ${effect}.`,
  ]);
}

/** What is muted now. */
export function muteText(report: unknown): string {
  const {
    mute: made,
    matches,
    effect,
  } = z
    .object({ mute, matches: z.object({ count: z.int(), examples: z.array(name) }), effect: words })
    .parse(report);
  const more = matches.count > matches.examples.length ? ', ...' : '';
  return text([
    `Muted: ${muteWords(made)}`,
    `It holds for ${matches.count === 1 ? 'one key that is known' : `${count(matches.count)} known keys`}: ${matches.examples.join(', ')}${more}.`,
    `Effect: ${effect}.`,
  ]);
}

/** Which mute has ended. */
export function unmuteText(report: unknown): string {
  const { ended, effect } = z.object({ ended: mute, effect: words }).parse(report);
  return text([`Ended: ${muteWords(ended)}`, `Effect: ${effect}.`]);
}

/** What was accepted. */
export function acceptText(report: unknown): string {
  const { id, key, by, from, incidents, effect } = z
    .object({ id: name, key: name, by: name, from: name, incidents: z.array(name), effect: words })
    .parse(report);
  return text([
    `${by} has accepted the present level of ${key}, by which it is judged from ${from} on (acceptance ${id}).`,
    ...(incidents.length > 0 ? [`Acknowledged with it: ${incidents.join(', ')}.`] : []),
    `Effect: ${effect}.`,
  ]);
}

const muteWords = ({ id, keys, until, by, reason }: z.infer<typeof mute>): string =>
  `${keys.join(', ')} until ${until}, by ${by}: ${reason} (mute ${id})`;

const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
