import type { Answer } from './answer.ts';
import type { ApiError, ServiceName } from './service.ts';

/** A request to a service under a path of its own. */
export interface WebRequest {
  readonly path: string;
  readonly contentType: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** A service with an HTTP API of its own, under a path of the embedded AWS. */
export interface WebService {
  readonly name: ServiceName;
  /** Begins every path that it answers for. */
  readonly path: string;
  /** What a request asks for, as faults and recorded calls name it. */
  readonly actionOf: (path: string) => string;
  readonly answer: (request: WebRequest) => Answer | Promise<Answer>;
  /** How it words an injected fault. */
  readonly failure: (error: ApiError) => Answer;
}

/** An answer in JSON. */
export const jsonAnswer = (status: number, value: unknown, retryAfterSeconds?: number): Answer => ({
  status,
  headers: {
    'content-type': 'application/json; charset=utf-8',
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
  },
  body: JSON.stringify(value),
});
