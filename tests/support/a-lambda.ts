import { type DetectorHandler, lambdaContext } from '../../cli/lambda.ts';
import {
  type InstallOptions,
  installDetector,
  installReceivers,
  installSlackBot,
} from '../../infra/local/install-detector.ts';
import { type LocalAws, type LocalAwsOptions, startLocalAws } from '../../infra/local/server.ts';

const BUNDLE = new URL('../../dist/detector/index.mjs', import.meta.url).href;

/** Settings that tests have in common: no log lines between the test results. */
const QUIET = { LOG_LEVEL: 'ERROR', POWERTOOLS_LOG_LEVEL: 'ERROR', POWERTOOLS_METRICS_DISABLED: 'true' };

let containers = 0;

/** A fresh container of the built bundle with its own environment: its own module, so its own clients. */
export async function newContainer(environment: Readonly<Record<string, string>>): Promise<DetectorHandler> {
  Object.assign(process.env, QUIET, environment);
  containers++;
  const bundle = (await import(`${BUNDLE}?container=${containers}`)) as { handler: DetectorHandler };
  return bundle.handler;
}

/** Invokes a container as Lambda does: the payload and the answer are JSON. */
export type Invoke = (payload: unknown) => Promise<unknown>;

/** The built bundle, deployed into an embedded AWS of its own. */
export interface DeployedLambda {
  readonly aws: LocalAws;
  /** What the function's environment names: the table, the topic, the secrets, the bus. */
  readonly environment: Readonly<Record<string, string>>;
  readonly invoke: Invoke;
  /** Runs the schedule's check at a moment. */
  readonly checkAt: (iso: string) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

const installMore = { all: installReceivers, slackBot: installSlackBot } as const;

/** Deploys the built bundle into an embedded AWS. */
export async function deployLambda(
  options: LocalAwsOptions & { readonly receivers?: 'all' | 'slackBot' } = {},
  environment: Readonly<Record<string, string>> = {},
  installation: InstallOptions = {},
): Promise<DeployedLambda> {
  const aws = await startLocalAws(options);
  const { environment: installed } = await installDetector(aws, installation);
  const more = options.receivers === undefined ? {} : installMore[options.receivers](aws);
  const whole = { ...installed, ...more, ...environment };
  const handler = await newContainer(whole);
  const invoke: Invoke = async (payload) => {
    const answer = await handler(JSON.parse(JSON.stringify(payload)), lambdaContext());
    return JSON.parse(JSON.stringify(answer)) as unknown;
  };
  const checkAt = (iso: string) => {
    aws.clock.set(Date.parse(iso) / 1000);
    return invoke({ action: 'check', scheduledTime: iso });
  };
  const close = () => {
    // The next container in this process is to know nothing of these receivers.
    for (const name of Object.keys(more)) delete process.env[name];
    return aws.close();
  };
  return { aws, environment: whole, invoke, checkAt, close };
}
