import { createClock } from '../../infra/local/clock.ts';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import { createWorld } from '../../infra/local/simulated-world.ts';

/** Starts an embedded AWS with a simulated account, and points this process's AWS clients there. */
export async function simulatedAccount(): Promise<LocalAws> {
  const clock = createClock();
  const aws = await startLocalAws({ clock, world: createWorld({ startsAt: Math.floor(clock.now()) }) });
  Object.assign(process.env, aws.environment);
  return aws;
}
