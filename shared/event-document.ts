import * as z from 'zod';
import type { EventDetail } from './render/event.ts';

const severity = z.enum(['page', 'notice', 'digest']);
const time = z.string().meta({ description: 'ISO 8601, UTC, such as 2026-11-25T02:18:00Z.' });
const amount = z.number().nullable();
const figure = z.object({ label: z.string(), text: z.string() });

const incident = z.object({
  id: z.string().meta({ description: 'The same in every event of an incident.' }),
  message: z.int().meta({ description: 'Number of the message, from 1. With the id it names the event.' }),
  status: z.enum(['open', 'resolved']),
  openedAt: time,
  endedAt: z.exactOptional(time),
  operations: z.array(z.string()),
  excessUsd: amount.meta({ description: 'US dollars above the usual so far.' }),
  excessRequests: amount.meta({ description: 'Requests above the usual so far.' }),
  peakUsdPerHour: amount,
  peakRatio: amount,
});

const key = z.object({
  arn: z.string(),
  name: z.string().meta({ description: 'What messages call the key.' }),
  aliases: z.array(z.string()),
});

const usage = z
  .object({
    usdPerHour: amount.meta({ description: 'US dollars an hour above the usual, at the present pace.' }),
    usdPerHourHigh: amount.meta({ description: 'Upper end of the same where the price is a range.' }),
    ratio: amount.meta({ description: 'Requests over the usual; 0 where none are usual.' }),
    quotaShare: amount.meta({ description: "Share of the Region's request quota, 0..1." }),
    regionQuotaShare: amount.meta({ description: 'The same of all keys together.' }),
    minutesToThrottling: z.exactOptional(amount),
    operations: z.array(
      z.object({ operation: z.string(), windowSeconds: amount, requests: amount, expected: amount }),
    ),
    thresholds: z.array(z.object({ name: z.string(), periodSeconds: amount, requests: amount, usd: amount })),
  })
  .meta({ description: 'The key at the time of the message.' });

const story = z
  .object({
    lead: z.array(z.string()),
    figures: z.array(figure),
    notes: z.array(figure),
    links: z.array(z.object({ label: z.string(), url: z.string() })),
  })
  .meta({ description: 'The message in words. Wording may change within a version.' });

/** The `detail` of an event, as programs that receive it may rely on. */
export const eventDetail = z
  .object({
    version: z.literal(1),
    kind: z.enum([
      'opened',
      'escalated',
      'updated',
      'reminder',
      'acknowledged',
      'resolved',
      'drill',
      'notice',
    ]),
    severity,
    at: time,
    account: z.string(),
    region: z.string(),
    headline: z.string().meta({ description: 'The message in one line.' }),
    incident: z
      .exactOptional(incident)
      .meta({ description: 'Absent from a drill and a notice (a digest, a report), as key and usage are.' }),
    key: z.exactOptional(key),
    usage: z.exactOptional(usage),
    story,
  })
  .meta({
    title: 'KMS usage incident',
    description:
      'detail of events with source kms-runaway-detector and detail-type "KMS usage incident". Members may be added within a version; none is removed or changes its meaning. An event may arrive twice.',
  }) satisfies z.ZodType<EventDetail>;
