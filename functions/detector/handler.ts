import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { type Answer, answer } from './answer.ts';
import { compose, type Detector } from './compose.ts';
import { log, logger } from './observability.ts';

let detector: Promise<Detector> | undefined;

/** Made at the first invocation, kept for the container; a failed attempt is made again at the next. */
async function detectorOfContainer(): Promise<Detector> {
  detector ??= compose({
    environment: process.env,
    policyFile: new URL('./policy.json', import.meta.url),
    log,
  }).catch((error: unknown) => {
    detector = undefined;
    throw error;
  });
  return detector;
}

async function respond(event: unknown, context: Context): Promise<Answer> {
  const secondsLeft = context.getRemainingTimeInMillis() / 1000;
  const outcome = await answer(await detectorOfContainer(), event, {
    runId: context.awsRequestId,
    secondsLeft,
  });
  log.info('answered', { ...outcome });
  return outcome;
}

/** Entry point of the function: parse, call, map. */
export const handler = middy<unknown, Answer, Error>().use(injectLambdaContext(logger)).handler(respond);
