import { type DetectorHandler, lambdaContext } from '../../cli/lambda.ts';
import { installDetector } from '../../infra/local/install-detector.ts';
import { type LocalAws, type LocalAwsOptions, startLocalAws } from '../../infra/local/server.ts';

const BUNDLE = new URL('../../dist/detector/index.mjs', import.meta.url).href;

let containers = 0;

/** A fresh container of the built bundle: its own module, so its own configuration and clients. */
async function newContainer(): Promise<DetectorHandler> {
  containers++;
  const bundle = (await import(`${BUNDLE}?container=${containers}`)) as { handler: DetectorHandler };
  return bundle.handler;
}

/** Invokes a container as Lambda does: the payload and the answer are JSON. */
export type Invoke = (payload: unknown) => Promise<unknown>;

/** The built bundle, deployed into an embedded AWS of its own. */
export interface DeployedLambda {
  readonly aws: LocalAws;
  readonly invoke: Invoke;
  /** Runs the schedule's check at a moment. */
  readonly checkAt: (iso: string) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** Settings that tests have in common: no log lines between the test results. */
const QUIET = { LOG_LEVEL: 'ERROR', POWERTOOLS_LOG_LEVEL: 'ERROR', POWERTOOLS_METRICS_DISABLED: 'true' };

/** Deploys the built bundle into an embedded AWS. */
export async function deployLambda(
  options: LocalAwsOptions = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<DeployedLambda> {
  const aws = await startLocalAws(options);
  const { environment: installed } = await installDetector(aws);
  Object.assign(process.env, installed, QUIET, environment);
  const handler = await newContainer();
  const invoke: Invoke = async (payload) => {
    const answer = await handler(JSON.parse(JSON.stringify(payload)), lambdaContext());
    return JSON.parse(JSON.stringify(answer)) as unknown;
  };
  const checkAt = (iso: string) => {
    aws.clock.set(Date.parse(iso) / 1000);
    return invoke({ action: 'check', scheduledTime: iso });
  };
  return { aws, invoke, checkAt, close: () => aws.close() };
}
