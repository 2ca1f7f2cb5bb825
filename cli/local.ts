import { once } from 'node:events';
import { createClock } from '../infra/local/clock.ts';
import { installDetector, installReceivers } from '../infra/local/install-detector.ts';
import { type LocalAws, startLocalAws } from '../infra/local/server.ts';
import { createWorld } from '../infra/local/simulated-world.ts';
import { type DetectorHandler, lambdaContext, loadDetector } from './lambda.ts';

/** Runs the embedded AWS until it is interrupted. */
export async function local(
  { port, empty }: { readonly port: number; readonly empty?: true },
  out: NodeJS.WritableStream,
): Promise<void> {
  const clock = createClock();
  const aws = await startLocalAws({
    port,
    clock,
    ...(empty ? {} : { world: createWorld({ startsAt: Math.floor(clock.now()) }) }),
  });
  const { world, environment, slack } = aws;
  const installed = await installDetector(aws);
  const receivers = installReceivers(aws);
  const name = deployDetector(aws, { ...installed.environment, ...receivers });
  out.write(
    `The embedded AWS listens on ${aws.endpoint} (${world.keys.length} KMS keys, account ${world.accountId}).\n`,
  );
  out.write('It takes any credentials and forgets everything when it stops. To use it:\n\n');
  for (const [name, value] of Object.entries(environment)) out.write(`export ${name}=${value}\n`);
  for (const [name, value] of Object.entries(receivers)) out.write(`export ${name}=${value}\n`);
  out.write(`export SLACK_WEBHOOK_URL=${slack.webhookUrl}\n\n`);
  out.write('Then, for example: aws cloudwatch list-metrics --namespace AWS/KMS\n');
  out.write(`or, as the detector runs in it, too: kms-runaway check --function ${name}\nStop with Ctrl-C.\n`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await aws.close();
}

/** CloudTrail's pace for whoever asks in real time (https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html). */
const LOOKUPS_PER_SECOND = 2;

/** Puts the built bundle behind the embedded Lambda; it is loaded when it is first invoked. Returns its name. */
function deployDetector(aws: LocalAws, environment: Readonly<Record<string, string>>): string {
  const name = environment['AWS_LAMBDA_FUNCTION_NAME'] ?? 'kms-runaway-detector';
  aws.cloudtrail.requestsPerSecond = LOOKUPS_PER_SECOND;
  let loaded: Promise<DetectorHandler> | undefined;
  aws.lambda.deploy(name, async (payload) => {
    loaded ??= loadDetector({ ...environment, CLOCK: 'wall', ...QUIET });
    return (await loaded)(payload, lambdaContext(name));
  });
  return name;
}

/** What a function logs goes to CloudWatch Logs, not to whoever reads this terminal; faults do. */
const QUIET = { LOG_LEVEL: 'ERROR', POWERTOOLS_LOG_LEVEL: 'ERROR', POWERTOOLS_METRICS_DISABLED: 'true' };
