import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { openAccountProbe } from '../../shared/adapters/aws/open-account-probe.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { examine } from '../../shared/app/doctor/doctor.ts';
import { shippedConfig } from '../../shared/config.ts';
import { WATCH, watchPeriod } from '../../shared/doctor-setting.ts';
import { attentionsOf, type DoctorReport } from '../../shared/domain/doctor/finding.ts';
import { redacted } from '../../shared/domain/doctor/redact.ts';
import { doctorText } from '../../shared/render/doctor-text.ts';
import { homeRegion } from '../account.ts';
import type { CheckStreams } from '../check/check.ts';
import { ask, reportWith } from '../deployed/ask.ts';
import { valid } from '../options.ts';
import { withOutputFile } from '../output-file.ts';
import { printableJson } from '../printable-json.ts';
import { simulatedAccount } from '../top/simulated-account.ts';

/** What the command line says. */
export interface DoctorOptions {
  readonly region?: string;
  readonly profile?: string;
  readonly watch: string;
  readonly redacted?: string;
  readonly format: 'table' | 'json';
  readonly local?: true;
  readonly function?: string;
}

/** Seconds for all questions, beside the watch: about thirty calls, of which CloudTrail takes two a second. */
const TIME_SECONDS = 90;

/** Asks the questions, straight from the account or through the deployed detector. Returns how much needs attention. */
export async function runDoctor(options: DoctorOptions, { out, width, note }: CheckStreams): Promise<number> {
  const watchSeconds = valid('--watch', options.watch, watchPeriod);
  const { function: name, format, redacted: file } = options;
  if (watchSeconds > 0)
    note(
      `About 30 calls, read-only, less than $0.01; datapoints are watched for ${watchSeconds} s (--watch ${WATCH.none} for not).`,
    );
  const report = await withOutputFile(file, async (shared) => {
    const found =
      name === undefined
        ? await examineAccount(options, watchSeconds)
        : await ask({ action: 'doctor', watch: options.watch }, { ...options, function: name }, doctorReport);
    if (found.permissions.every(({ verdict }) => verdict === 'unknown')) throw asFault(found);
    // First: what cannot be redacted must not look as if it had been.
    shared?.write(printableJson(redacted(found, namesOf(options)), 2));
    return found;
  });
  out.write(format === 'json' ? printableJson(report, 2) : doctorText(report, width));
  return attentionsOf(report);
}

/** What AWS says to every call is no finding: there are no credentials, or there is no way there. */
function asFault({ permissions: [first] }: DoctorReport): Error {
  const [, name = 'Error', message = ''] = /^(\w+): (.*)$/s.exec(first?.evidence ?? '') ?? [];
  return Object.assign(new Error(message || 'not one call was answered'), { name });
}

const namesOf = ({ function: name, profile }: DoctorOptions): string[] =>
  [name, profile, process.env['USER'], process.env['AWS_PROFILE']].filter((one) => one !== undefined);

const doctorReport = reportWith<DoctorReport>(
  z.object({
    findings: z.array(z.object({ id: z.string(), verdict: z.string(), evidence: z.string() })),
    permissions: z.array(z.object({ action: z.string(), verdict: z.string() })),
    receivers: z.array(z.object({ receiver: z.string(), verdict: z.string() })),
    clock: z.object({ verdict: z.string(), evidence: z.string() }),
    cost: z.object({ calls: z.record(z.string(), z.number()) }),
  }),
);

async function examineAccount(options: DoctorOptions, watchSeconds: number): Promise<DoctorReport> {
  const aws = options.local ? await simulatedAccount() : undefined;
  try {
    const profile = options.local ? undefined : options.profile;
    const region = await homeRegion({ region: options.region, profile });
    const client = { region, ...(profile === undefined ? {} : { profile }) };
    return await examine(
      {
        probe: openAccountProbe(client, TIME_SECONDS + watchSeconds),
        receivers: [],
        now: () => systemClock.now(),
        sleep: (seconds) => wait(seconds * 1000),
      },
      { region, settleSeconds: shippedConfig().SETTLE_SECONDS, watchSeconds },
    );
  } finally {
    await aws?.close();
  }
}
