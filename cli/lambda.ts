import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';

/** The built function: `dist/detector/index.mjs`. */
export type DetectorHandler = (event: unknown, context: Context) => Promise<unknown>;

/** Milliseconds that the template gives the function. */
const TIMEOUT_MILLISECONDS = 240_000;

/**
 * Loads the built bundle into this process with the environment it would have in Lambda. The environment has to be
 * set before: the bundle reads it once, at its first invocation.
 */
export async function loadDetector(environment: Readonly<Record<string, string>>): Promise<DetectorHandler> {
  Object.assign(process.env, environment);
  const bundle: unknown = await import(new URL('../detector/index.mjs', import.meta.url).href);
  const handler: unknown =
    typeof bundle === 'object' && bundle !== null ? Reflect.get(bundle, 'handler') : undefined;
  if (typeof handler !== 'function')
    throw new TypeError('dist/detector/index.mjs exports no handler: run `npm run build`');
  return (event, context) => Promise.resolve(handler(event, context));
}

/** An invocation's context as Lambda passes it. */
export function lambdaContext(functionName = 'kms-runaway-detector'): Context {
  const endsAt = Date.now() + TIMEOUT_MILLISECONDS;
  const unused = () => {
    throw new Error('callbacks of the context are not part of Node.js 24 on Lambda');
  };
  return {
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`,
    memoryLimitInMB: '1024',
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => endsAt - Date.now(),
    done: unused,
    fail: unused,
    succeed: unused,
  };
}
