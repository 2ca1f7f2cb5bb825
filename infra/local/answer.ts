import { randomUUID } from 'node:crypto';
import { encodeXml, encodeXmlError } from './query-protocol.ts';
import type { Protocol } from './routing.ts';
import type { ApiError } from './service.ts';

/** An HTTP answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The result of an action in the protocol it was asked in. */
export function success(protocol: Protocol, action: string, xmlNamespace: string, result: unknown): Answer {
  const requestId = randomUUID();
  return protocol.kind === 'json'
    ? json(200, protocol.contentType, requestId, result ?? {})
    : xml(200, requestId, encodeXml(action, xmlNamespace, result, requestId));
}

/**
 * An error in the protocol of its request. CloudWatch once spoke the Query protocol only and still names the old
 * code in a header (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait).
 */
export function failure(
  protocol: Protocol,
  xmlNamespace: string,
  error: ApiError,
  isQueryCompatible: boolean,
): Answer {
  const requestId = randomUUID();
  const retryAfter: Record<string, string> =
    error.retryAfterSeconds === undefined ? {} : { 'retry-after': String(error.retryAfterSeconds) };
  if (protocol.kind === 'query')
    return xml(error.status, requestId, encodeXmlError(xmlNamespace, error, requestId), retryAfter);
  const fault = error.status < 500 ? 'Sender' : 'Receiver';
  return json(
    error.status,
    protocol.contentType,
    requestId,
    { __type: error.shape, message: error.message },
    {
      ...(isQueryCompatible && { 'x-amzn-query-error': `${error.code};${fault}` }),
      ...retryAfter,
    },
  );
}

function json(
  status: number,
  contentType: string,
  requestId: string,
  value: unknown,
  more: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    headers: {
      'content-type': contentType || 'application/x-amz-json-1.0',
      'x-amzn-requestid': requestId,
      ...more,
    },
    body: JSON.stringify(value),
  };
}

function xml(
  status: number,
  requestId: string,
  body: string,
  more: Readonly<Record<string, string>> = {},
): Answer {
  return { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId, ...more }, body };
}
