import type { IncomingHttpHeaders } from 'node:http';
import { decodeForm, formAction } from './query-protocol.ts';
import { ApiError, type Call, type Input, type ServiceName } from './service.ts';
import { accountOfRole } from './sts.ts';

/** How a call came in, and therefore how it is answered. */
export type Protocol = { readonly kind: 'json'; readonly contentType: string } | { readonly kind: 'query' };

/** A call and the way it is to be answered. */
export interface RoutedCall extends Call {
  readonly protocol: Protocol;
}

/** Prefix of `X-Amz-Target`, per service that speaks JSON. */
const TARGETS: Readonly<Record<string, ServiceName>> = {
  GraniteServiceVersion20100801: 'cloudwatch',
  TrentService: 'kms',
  CloudTrail_20131101: 'cloudtrail',
  secretsmanager: 'secretsmanager',
  ServiceQuotasV20190624: 'servicequotas',
  DynamoDB_20120810: 'dynamodb',
  AWSEvents: 'events',
};

/** API version of the form, per service that speaks the Query protocol. */
const VERSIONS: Readonly<Record<string, ServiceName>> = {
  '2010-08-01': 'cloudwatch',
  '2010-03-31': 'sns',
  '2011-06-15': 'sts',
};

/** Service, action and input of a signed request. Throws an `ApiError` if it is for nobody here. */
export function route(headers: IncomingHttpHeaders, body: string): RoutedCall {
  const target = headers['x-amz-target'];
  const contentType = headers['content-type']?.split(';')[0]?.trim() ?? '';
  const [, accessKey = '', region = ''] =
    /Credential=([^/]+)\/\d{8}\/([^/]+)\//.exec(headers.authorization ?? '') ?? [];
  const account = accountOfRole(accessKey);
  const scope = { region, ...(account === undefined ? {} : { account }) };
  if (typeof target === 'string') {
    const dot = target.lastIndexOf('.');
    const service = TARGETS[target.slice(0, dot)];
    const action = target.slice(dot + 1);
    if (!service) throw new ApiError('UnknownOperationException', '', { status: 400 });
    return { service, action, ...scope, protocol: { kind: 'json', contentType }, input: parseJson(body) };
  }
  const { action, version } = formAction(body);
  const service = VERSIONS[version ?? ''];
  if (!action || !service) {
    throw new ApiError('InvalidAction', `The action ${action ?? ''} is not valid for this web service.`);
  }
  return { service, action, ...scope, protocol: { kind: 'query' }, input: decodeForm(body) };
}

function parseJson(body: string): Input {
  try {
    const value: unknown = body === '' ? {} : JSON.parse(body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Input;
  } catch {
    // Answered below like any other body that is no JSON object.
  }
  throw new ApiError('SerializationException', 'Start of structure or map found where not expected.');
}
