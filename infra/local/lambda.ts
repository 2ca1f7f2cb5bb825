import type { Answer } from './answer.ts';
import { ApiError } from './service.ts';
import { jsonAnswer, type WebService } from './web-service.ts';

/** A function's code: what it returns is its answer, what it throws its error. */
export type LocalFunction = (payload: unknown) => Promise<unknown>;

/** The embedded Lambda, for tests and commands to reach into. */
export interface LocalLambda {
  /** Makes a function, or replaces it. */
  deploy(name: string, code: LocalFunction): void;
}

const PATH = '/2015-03-31/functions/';

/** Invoke, and no other action (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html). */
export function createLambda(): { lambda: LocalLambda; service: WebService } {
  const functions = new Map<string, LocalFunction>();
  return {
    lambda: {
      deploy(name, code) {
        functions.set(name, code);
      },
    },
    service: {
      name: 'lambda',
      path: PATH,
      actionOf: (path) => (path.endsWith('/invocations') ? 'InvokeFunction' : 'Unknown'),
      answer({ path, authorization, body }) {
        if (authorization === undefined)
          return failure(new ApiError('MissingAuthenticationTokenException', '', { status: 403 }));
        const named = decodeURIComponent(path.slice(PATH.length).split('/')[0] ?? '');
        const code = functions.get(named.split(':').at(-1) ?? '');
        return code
          ? invoke(code, body)
          : failure(
              new ApiError('ResourceNotFoundException', `Function not found: ${named}`, { status: 404 }),
            );
      },
      failure,
    },
  };
}

/** A function that throws is answered with status 200, a header and the error as the payload. */
async function invoke(code: LocalFunction, body: string): Promise<Answer> {
  try {
    return jsonAnswer(200, (await code(JSON.parse(body || '{}'))) ?? null);
  } catch (error) {
    const [errorType, errorMessage] =
      error instanceof Error ? [error.name, error.message] : ['Error', String(error)];
    const answer = jsonAnswer(200, { errorType, errorMessage, trace: [] });
    return { ...answer, headers: { ...answer.headers, 'x-amz-function-error': 'Unhandled' } };
  }
}

function failure({ status, code, message, retryAfterSeconds }: ApiError): Answer {
  const answer = jsonAnswer(status, { Type: 'User', message }, retryAfterSeconds);
  return { ...answer, headers: { ...answer.headers, 'x-amzn-errortype': code } };
}
