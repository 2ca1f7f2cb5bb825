import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, failure, success } from './answer.ts';
import type { LocalClock } from './clock.ts';
import type { LocalDynamoDb } from './dynamodb.ts';
import { type FaultSource, faultError } from './faults.ts';
import { readBody } from './request-body.ts';
import { type RoutedCall, route } from './routing.ts';
import { ApiError, type Call, type Service, type ServiceName } from './service.ts';
import type { WebService } from './web-service.ts';

/** A call that came in, as an IAM policy would see it. */
export interface RecordedCall {
  readonly service: ServiceName;
  /** IAM action: `cloudwatch:GetMetricData`. */
  readonly action: string;
  /** ARN, for actions that are about one resource. */
  readonly resource?: string;
  /** Epoch seconds of the embedded AWS's clock. */
  readonly at: number;
}

/** What happens to a request: an answer, a cut connection, or nothing at all. */
export type Outcome = Answer | 'drop' | 'timeout';

/** Everything that answers requests. */
export interface Dispatch {
  readonly services: readonly Service[];
  readonly dynamodb: LocalDynamoDb;
  /** Who is known by the path: an API of its own. */
  readonly webServices: readonly WebService[];
  readonly faults: FaultSource;
  readonly clock: LocalClock;
  /** Grows with every call. */
  readonly calls: RecordedCall[];
}

/** What becomes of a request: it is routed, recorded, met by a fault if one waits for it, and served. */
export function createDispatcher(dispatch: Dispatch): (request: IncomingMessage) => Promise<Outcome> {
  const { dynamodb, faults, clock, calls, webServices } = dispatch;
  const services = new Map(dispatch.services.map((service) => [service.name, service]));
  const namespaceOf = (call: Call) => services.get(call.service)?.xmlNamespace ?? '';

  const failed = (call: RoutedCall, error: ApiError): Answer =>
    failure(call.protocol, namespaceOf(call), error, call.service === 'cloudwatch');

  const serve = async (call: RoutedCall, request: IncomingMessage, body: string): Promise<Answer> => {
    if (call.service === 'dynamodb') return dynamodb.answer(request.headers, body);
    const actions = services.get(call.service)?.actions ?? {};
    const action = Object.hasOwn(actions, call.action) ? actions[call.action] : undefined;
    try {
      if (!action) throw unknownAction(call);
      return success(call.protocol, call.action, namespaceOf(call), action(call.input, call));
    } catch (error) {
      if (error instanceof ApiError) return failed(call, error);
      const message = error instanceof Error ? (error.stack ?? error.message) : 'unknown';
      return failed(call, new ApiError('InternalFailure', message, { status: 500 }));
    }
  };

  const withFaults = async (
    call: Call,
    perform: () => Answer | Promise<Answer>,
    answerError: (error: ApiError) => Answer,
  ): Promise<Outcome> => {
    const resource =
      call.service === 'dynamodb' ? dynamodb.resource(call) : services.get(call.service)?.resource?.(call);
    const action = `${call.service}:${call.action}`;
    calls.push({
      service: call.service,
      action,
      ...(resource !== undefined && { resource }),
      at: clock.now(),
    });
    const fault = faults.next(call);
    if (fault?.latencyMs !== undefined) await sleep(fault.latencyMs);
    if (fault?.error === 'drop' || fault?.error === 'timeout') return fault.error;
    const error = fault && faultError(fault, call);
    const answer = error ? answerError(error) : await perform();
    return fault?.error === 'dropAnswer' ? 'drop' : answer;
  };

  return async (request) => {
    const body = await readBody(request);
    const path = request.url ?? '/';
    const contentType = request.headers['content-type'] ?? '';
    const web = webServices.find((service) => path.startsWith(service.path));
    if (web) {
      const { authorization } = request.headers;
      const call: Call = { service: web.name, action: web.actionOf(path), region: '', input: { path, body } };
      return withFaults(call, () => web.answer({ path, contentType, authorization, body }), web.failure);
    }
    const protocol: RoutedCall['protocol'] = contentType.startsWith('application/x-amz-json')
      ? { kind: 'json', contentType }
      : { kind: 'query' };
    try {
      if (request.headers.authorization === undefined) throw unsigned(protocol.kind);
      const call = route(request.headers, body);
      return await withFaults(
        call,
        () => serve(call, request, body),
        (error) => failed(call, error),
      );
    } catch (error) {
      if (error instanceof ApiError) return failure(protocol, '', error, false);
      throw error;
    }
  };
}

const unsigned = (protocol: 'json' | 'query'): ApiError =>
  protocol === 'json'
    ? new ApiError('MissingAuthenticationTokenException', 'Request is missing Authentication Token')
    : new ApiError('MissingAuthenticationToken', 'Request is missing Authentication Token', { status: 403 });

const unknownAction = ({ protocol, action }: RoutedCall): ApiError =>
  protocol.kind === 'json'
    ? new ApiError('UnknownOperationException', `The embedded AWS does not know ${action}.`)
    : new ApiError('InvalidAction', `The action ${action} is not valid for this web service.`);
