import { readOnlyRequest } from '../shared/app/detect-request.ts';
import { type Diagnosis, diagnose } from '../shared/app/diagnose.ts';
import { shippedConfig } from '../shared/config.ts';
import { diagnosisText } from '../shared/render/diagnosis-text.ts';
import { readOnlyPorts } from './account.ts';
import { readPolicy } from './options.ts';
import { simulatedAccount } from './top/simulated-account.ts';
import { UsageError } from './usage-error.ts';

/** What the command line says. */
export interface DiagnoseOptions {
  readonly region?: string;
  readonly profile?: string;
  readonly policy?: string;
  readonly format: 'text' | 'json';
  /** Look at a simulated account. */
  readonly local?: true;
}

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
    const found = await diagnosesOf(key, options);
    if (found.length === 0)
      throw new UsageError(
        `${JSON.stringify(key)}: no key of that name was used in the last day; \`kms-runaway top\` lists those that were`,
      );
    out.write(
      options.format === 'json'
        ? `${JSON.stringify({ keys: found }, undefined, 2)}\n`
        : found.map(diagnosisText).join('\n'),
    );
  } finally {
    await aws?.close();
  }
}

/** What is found out about the keys that this name stands for; none if none of them was used. */
async function diagnosesOf(key: string, options: Looking): Promise<Diagnosis[]> {
  const { ports, settings, request } = await readOnlyLook(options);
  return diagnose(ports, settings, readOnlyRequest([key], request));
}

/** What a look into keys needs: the account, which is only read, and until when to be ready. */
export async function readOnlyLook(options: Looking) {
  const policy = await readPolicy(options.policy);
  const ports = readOnlyPorts(options, QUIET);
  const asOf = ports.clock.now();
  return {
    ports,
    settings: {
      settleSeconds: shippedConfig().SETTLE_SECONDS,
      policy,
      origin: { account: '', region: ports.region, timeZone: 'UTC' },
    },
    request: { runId: 'diagnose', asOf, deadline: asOf + TIME_SECONDS },
  };
}

type Looking = Pick<DiagnoseOptions, 'region' | 'profile' | 'policy'>;

const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };
