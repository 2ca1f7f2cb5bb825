import * as z from 'zod';
import { readOnlyRequest } from '../../shared/app/detect-request.ts';
import { type ExplainReport, explainSeries } from '../../shared/app/explain-series.ts';
import { QUIET, readOnlyPorts, readOnlySettings } from '../account.ts';
import { announced, metricsCost } from '../announced.ts';
import type { CheckStreams } from '../check/check.ts';
import { ask, reportWith } from '../deployed/ask.ts';
import { pastTime, readPolicy } from '../options.ts';
import { printableJson } from '../printable-json.ts';
import { simulatedAccount } from '../top/simulated-account.ts';
import { UsageError } from '../usage-error.ts';
import { asText, isUnread } from './as-text.ts';

/** What the command line says. */
export interface ExplainOptions {
  readonly operation?: string;
  /** ISO 8601 time. */
  readonly at?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly policy?: string;
  readonly format: 'text' | 'json';
  readonly local?: true;
  readonly function?: string;
}

/** Says why the use of a key was told, or was not, by the deployed detector or straight from the account. False: nothing could be read. */
export async function runExplain(
  key: string,
  options: ExplainOptions,
  { out, width, note }: CheckStreams,
): Promise<boolean> {
  const { function: name, operation, at } = options;
  const report =
    name === undefined
      ? await explainAccount(key, options, note)
      : await ask({ action: 'explain', key, operation, at }, { ...options, function: name }, explainReport, {
          key: '<key>',
        });
  if (report.series.length === 0 && report.unread.length === 0)
    throw new UsageError(
      `<key> ${JSON.stringify(key)}: expected a key (and --operation) with use in the last eight weeks; \`kms-runaway top\` lists those`,
    );
  out.write(options.format === 'json' ? printableJson(report, 2) : asText(report, width));
  return report.series.some((one) => !isUnread(one, report));
}

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
): Promise<ExplainReport> {
  const aws = options.local ? await simulatedAccount() : undefined;
  try {
    const { region, profile, operation } = options;
    const policy = await readPolicy(options.policy);
    const ports = await readOnlyPorts({ region, profile: options.local ? undefined : profile }, QUIET);
    const now = ports.clock.now();
    const metrics = announced(ports.metrics, (count) => note(`${ports.region}: ${metricsCost(count)}`));
    return await explainSeries({ ...ports, metrics }, readOnlySettings(policy, ports.region), {
      ...readOnlyRequest([key], {
        runId: 'explain',
        asOf: pastTime('--at', options.at, now),
        deadline: Number.POSITIVE_INFINITY,
      }),
      ...(operation === undefined ? {} : { operations: [operation] }),
    });
  } finally {
    await aws?.close();
  }
}
