import { once } from 'node:events';
import { createClock } from '../infra/local/clock.ts';
import { installReceivers } from '../infra/local/install-detector.ts';
import { startLocalAws } from '../infra/local/server.ts';
import { createWorld } from '../infra/local/simulated-world.ts';

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
  out.write(
    `The embedded AWS listens on ${aws.endpoint} (${world.keys.length} KMS keys, account ${world.accountId}).\n`,
  );
  out.write('It takes any credentials and forgets everything when it stops. To use it:\n\n');
  for (const [name, value] of Object.entries(environment)) out.write(`export ${name}=${value}\n`);
  for (const [name, value] of Object.entries(installReceivers(aws))) out.write(`export ${name}=${value}\n`);
  out.write(`export SLACK_WEBHOOK_URL=${slack.webhookUrl}\n\n`);
  out.write('Then, for example: aws cloudwatch list-metrics --namespace AWS/KMS\nStop with Ctrl-C.\n');
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await aws.close();
}
