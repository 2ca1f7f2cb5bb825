import type { MetricFault } from '../../app/ports.ts';

const THROTTLED = /throttl|TooManyRequests|RequestLimitExceeded|LimitExceeded|SlowDown/i;
const FORBIDDEN =
  /AccessDenied|Unauthorized|NotAuthorized|UnrecognizedClient|InvalidClientTokenId|ExpiredToken|InvalidSignature|SignatureDoesNotMatch|OptInRequired|Credentials/i;

/** What a failed request means for the metrics it asked for. */
export function faultOf(error: unknown): { readonly fault: MetricFault; readonly detail: string } {
  const detail = error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 300) : String(error);
  const name = error instanceof Error ? error.name : '';
  const status = httpStatus(error);
  if (status === 429 || THROTTLED.test(name)) return { fault: 'throttled', detail };
  if (status === 401 || status === 403 || FORBIDDEN.test(name)) return { fault: 'forbidden', detail };
  return { fault: status === undefined ? 'unreachable' : 'internalError', detail };
}

/** The status CloudWatch answered with; undefined if no answer came at all. */
function httpStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
