import * as z from 'zod';
import { readOnlyRequest } from '../../shared/app/detect-request.ts';
import { type ExplainReport, explainSeries } from '../../shared/app/explain-series.ts';
import { BINS_PER_DAY, settledEnd } from '../../shared/domain/usage/time.ts';
import { type LookOptions, QUIET, readOnlyPorts, readOnlySettings } from '../account.ts';
import { announced, metricsCost } from '../announced.ts';
import type { CheckStreams } from '../check/check.ts';
import { ask, reportWith } from '../deployed/ask.ts';
import { keptTime, readPolicy } from '../options.ts';
import { withOutputFile } from '../output-file.ts';
import { printableJson } from '../printable-json.ts';
import { type Followed, follow, followedBy, refuseFunction } from '../report/follow.ts';
import { simulatedAccount } from '../top/simulated-account.ts';
import { UsageError, unknownAsUsage } from '../usage-error.ts';
import { asPage } from './as-page.ts';
import { asText, isUnread } from './as-text.ts';

/** What the command line says. */
export interface ExplainOptions extends LookOptions {
  readonly operation?: string;
  /** ISO 8601 time. */
  readonly at?: string;
  readonly format: 'text' | 'json';
}

const WORDS = { key: '<key>' };

/** Says why the use of a key was told, or was not, by the deployed detector or straight from the account. False: nothing could be read. */
export async function runExplain(
  key: string,
  options: ExplainOptions,
  { out, width, note }: CheckStreams,
): Promise<boolean> {
  const { function: name, operation, at } = options;
  refuseFunction('explain', options);
  const report = await withOutputFile(options.html, async (page) => {
    const explained =
      name === undefined
        ? await explainAccount(key, options, note)
        : {
            report: await ask(
              { action: 'explain', key, operation, at },
              { ...options, function: name },
              explainReport,
              WORDS,
            ),
          };
    if (explained.report.series.length === 0 && explained.report.unread.length === 0)
      throw new UsageError(
        `${WORDS.key} ${JSON.stringify(key)}: expected a key with use in the last eight weeks; \`kms-runaway top\` lists those`,
      );
    if (explained.followed) page?.write(asPage(explained.report, explained.followed));
    return explained.report;
  });
  out.write(options.format === 'json' ? printableJson(report, 2) : asText(report, width));
  return report.series.some((one) => !isUnread(one, report));
}

/** A page draws the two weeks before the moment, of the last two days every five minutes. */
const DRAWN_BINS = 14 * BINS_PER_DAY;
const WHOLE_BINS = 2 * BINS_PER_DAY;

const explainReport = reportWith<ExplainReport>(
  z.object({
    series: z.array(
      z.object({ keyArn: z.string(), gates: z.array(z.unknown()), sameTime: z.array(z.unknown()) }),
    ),
    unread: z.array(z.unknown()),
  }),
);

async function explainAccount(
  key: string,
  options: ExplainOptions,
  note: (line: string) => void,
): Promise<{ readonly report: ExplainReport; readonly followed?: Followed | undefined }> {
  const aws = options.local ? await simulatedAccount() : undefined;
  try {
    const { region, profile, operation } = options;
    const policy = await readPolicy(options.policy);
    const ports = await readOnlyPorts({ region, profile: options.local ? undefined : profile }, QUIET);
    const now = ports.clock.now();
    const metrics = announced(ports.metrics, (count) => note(`${ports.region}: ${metricsCost(count)}`));
    const settings = readOnlySettings(policy, ports.region);
    const asOf = keptTime('--at', options.at, now);
    const end = settledEnd(asOf, settings.settleSeconds);
    const followed = options.html === undefined ? undefined : follow(end - DRAWN_BINS, end - WHOLE_BINS);
    const report = await explainSeries({ ...ports, metrics }, followedBy(settings, followed), {
      ...readOnlyRequest([key], { runId: 'explain', asOf, deadline: Number.POSITIVE_INFINITY }),
      ...(operation === undefined ? {} : { operations: [operation] }),
    }).catch(unknownAsUsage(WORDS));
    return { report, followed };
  } finally {
    await aws?.close();
  }
}
