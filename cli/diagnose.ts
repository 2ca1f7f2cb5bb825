import * as z from 'zod';
import { readOnlyRequest } from '../shared/app/detect-request.ts';
import { type Diagnosis, diagnose } from '../shared/app/diagnose.ts';
import { defaultQuota } from '../shared/domain/assess/quota.ts';
import { keyArnParts } from '../shared/domain/usage/key.ts';
import { diagnosisText } from '../shared/render/diagnosis-text.ts';
import { diagnosePage } from '../shared/render/report/diagnose-page.ts';
import { type AccountOptions, type LookOptions, QUIET, readOnlyPorts, readOnlySettings } from './account.ts';
import { ask, type FunctionOptions, reportWith } from './deployed/ask.ts';
import { readPolicy } from './options.ts';
import { withOutputFile } from './output-file.ts';
import { printableJson } from './printable-json.ts';
import { reportAssets } from './report/assets.ts';
import { simulatedAccount } from './top/simulated-account.ts';
import { UsageError, unknownAsUsage } from './usage-error.ts';

/** What the command line says. */
export interface DiagnoseOptions extends LookOptions {
  readonly format: 'text' | 'json';
}

const WORDS = { key: '<key>' };

/** Seconds that a diagnosis may take in all. */
const TIME_SECONDS = 120;

/** Looks into the keys that the name stands for, with the user's own credentials; reads only. */
export async function runDiagnose(
  key: string,
  options: DiagnoseOptions,
  out: NodeJS.WritableStream,
): Promise<void> {
  const aws = options.local ? await simulatedAccount() : undefined;
  try {
    const found = await withOutputFile(options.html, async (page) => {
      const diagnoses = await diagnosesWanted(key, options);
      page?.write(pageOf(diagnoses));
      return diagnoses;
    });
    out.write(
      options.format === 'json' ? printableJson({ keys: found }, 2) : found.map(diagnosisText).join('\n'),
    );
  } finally {
    await aws?.close();
  }
}

async function diagnosesWanted(key: string, options: DiagnoseOptions): Promise<readonly Diagnosis[]> {
  const found =
    options.function === undefined
      ? await diagnosesOf(key, options.local ? { policy: options.policy } : options)
      : await askDiagnosis(key, { ...options, function: options.function });
  if (found.length === 0)
    throw new UsageError(
      `${WORDS.key} ${JSON.stringify(key)}: this key was not used in the last day; \`kms-runaway top\` lists those that were`,
    );
  return found;
}

const pageOf = (found: readonly Diagnosis[]): string =>
  diagnosePage(found, (group, { keyArn }) => defaultQuota(group, keyArnParts(keyArn).region), reportAssets());

const diagnoses = z.object({
  keys: z.array(reportWith<Diagnosis>(z.object({ keyArn: z.string() }))),
});

/** The same, found out by the deployed detector. */
export const askDiagnosis = async (key: string, options: FunctionOptions): Promise<readonly Diagnosis[]> =>
  (await ask({ action: 'diagnose', key }, options, diagnoses, WORDS)).keys;

/** What is found out about the keys that this name stands for; none if none of them was used. */
async function diagnosesOf(key: string, options: Looking): Promise<Diagnosis[]> {
  const { ports, settings, request } = await readOnlyLook(options);
  return diagnose(ports, settings, readOnlyRequest([key], request)).catch(unknownAsUsage(WORDS));
}

type Looking = AccountOptions & { readonly policy?: string | undefined };

/** What a look into keys needs: the account, which is only read, and until when to be ready. */
export async function readOnlyLook(options: Looking) {
  const policy = await readPolicy(options.policy);
  const ports = await readOnlyPorts(options, QUIET);
  const asOf = ports.clock.now();
  return {
    ports,
    settings: readOnlySettings(policy, ports.region),
    request: { runId: 'diagnose', asOf, deadline: asOf + TIME_SECONDS },
  };
}
