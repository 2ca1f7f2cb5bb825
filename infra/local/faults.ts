import type { Dimension, MetricIdentity } from './metric.ts';
import { ApiError, type Call, type ServiceName } from './service.ts';

/** How a call fails. `drop` cuts the connection, `dropAnswer` does so after the call took effect, `timeout` never answers. */
type FaultKind =
  | 'Throttling'
  | 'InternalFailure'
  | 'AccessDenied'
  | 'drop'
  | 'dropAnswer'
  | 'timeout'
  | {
      readonly code: string;
      readonly message?: string;
      readonly status?: number;
      readonly retryAfterSeconds?: number;
    };

/** A fault to inject: into which calls, how often, and what happens. */
export interface Fault {
  readonly service?: ServiceName;
  readonly action?: string;
  /** @default every call of the service and action */
  readonly match?: (call: Call) => boolean;
  /** How many calls meet it. @default 1 */
  readonly times?: number | 'always';
  /** Without an error the call is only slow. */
  readonly error?: FaultKind;
  readonly latencyMs?: number;
}

/** A fault of single series inside a successful GetMetricData. */
export interface SeriesFault {
  /** Dimensions that a series must have to meet it, all series without. */
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly statusCode: 'InternalError' | 'Forbidden' | 'PartialData';
  /** For `PartialData`: the missing half is not offered by a next page. */
  readonly withoutToken?: boolean;
  /** How many reads of series meet it. @default 1 */
  readonly times?: number | 'always';
}

/** The faults of an embedded AWS. Both `add`s return a function that takes the fault back. */
export interface Faults {
  add(fault: Fault): () => void;
  addToSeries(fault: SeriesFault): () => void;
  clear(): void;
}

/** The side of the faults that the services see: each one is used up as it is met. */
export interface FaultSource extends Faults {
  next(call: Call): Fault | undefined;
  nextForSeries(identity: MetricIdentity): SeriesFault | undefined;
}

/** No faults yet. */
export function createFaults(): FaultSource {
  const calls: { fault: Fault; left: number }[] = [];
  const series: { fault: SeriesFault; left: number }[] = [];
  return {
    add: (fault) => enlist(calls, fault),
    addToSeries: (fault) => enlist(series, fault),
    clear() {
      calls.length = 0;
      series.length = 0;
    },
    next: (call) => use(calls, (fault) => concerns(fault, call)),
    nextForSeries: (identity) =>
      use(series, (fault) => hasDimensions(identity.dimensions, fault.dimensions ?? {})),
  };
}

function enlist<T extends { readonly times?: number | 'always' }>(
  list: { fault: T; left: number }[],
  fault: T,
) {
  const entry = { fault, left: fault.times === 'always' ? Infinity : (fault.times ?? 1) };
  list.push(entry);
  return () => {
    entry.left = 0;
  };
}

function use<T>(list: { fault: T; left: number }[], isMet: (fault: T) => boolean): T | undefined {
  const entry = list.find(({ fault, left }) => left > 0 && isMet(fault));
  if (entry) entry.left--;
  return entry?.fault;
}

const concerns = (fault: Fault, call: Call): boolean =>
  (fault.service ?? call.service) === call.service &&
  (fault.action ?? call.action) === call.action &&
  (fault.match?.(call) ?? true);

const hasDimensions = (dimensions: readonly Dimension[], wanted: Readonly<Record<string, string>>): boolean =>
  Object.entries(wanted).every(([name, value]) =>
    dimensions.some(({ Name, Value }) => Name === name && Value === value),
  );

/** What a service says when it throttles: each has a code of its own. */
const THROTTLING: Readonly<Record<ServiceName, readonly [code: string, message: string, status: number]>> = {
  cloudwatch: ['Throttling', 'Rate exceeded', 400],
  cloudtrail: ['ThrottlingException', 'Rate exceeded', 400],
  kms: [
    'ThrottlingException',
    'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
    400,
  ],
  sns: ['Throttling', 'Rate exceeded', 400],
  sts: ['Throttling', 'Rate exceeded', 400],
  secretsmanager: ['ThrottlingException', 'Rate exceeded', 400],
  servicequotas: ['TooManyRequestsException', 'Rate exceeded', 400],
  dynamodb: ['ThrottlingException', 'Rate of requests exceeds the allowed throughput.', 400],
  events: ['ThrottlingException', 'Rate exceeded', 400],
  lambda: ['TooManyRequestsException', 'Rate Exceeded.', 429],
  slack: ['rate_limited', 'rate_limited', 429],
  slackApi: ['ratelimited', 'ratelimited', 429],
  pagerduty: ['throttle exceeded', 'Requests are arriving too quickly', 429],
};

/** Services of the Query protocol answer `AccessDenied` 403, those of JSON `AccessDeniedException` 400. */
const ACCESS_DENIED: Readonly<Record<ServiceName, readonly [code: string, status: number]>> = {
  cloudwatch: ['AccessDenied', 403],
  cloudtrail: ['AccessDeniedException', 400],
  sns: ['AuthorizationError', 403],
  sts: ['AccessDenied', 403],
  kms: ['AccessDeniedException', 400],
  secretsmanager: ['AccessDeniedException', 400],
  servicequotas: ['AccessDeniedException', 400],
  dynamodb: ['AccessDeniedException', 400],
  events: ['AccessDeniedException', 400],
  lambda: ['AccessDeniedException', 403],
  slack: ['action_prohibited', 403],
  slackApi: ['restricted_action', 200],
  pagerduty: ['Invalid routing key', 400],
};

/** The error that a call is answered with for a fault that is answered at all. */
export function faultError(fault: Fault, call: Call): ApiError | undefined {
  const { error } = fault;
  if (typeof error === 'object') {
    const { code, message, status, retryAfterSeconds } = error;
    return new ApiError(code, message ?? code, {
      ...(status !== undefined && { status }),
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    });
  }
  switch (error) {
    case 'Throttling': {
      const [code, message, status] = THROTTLING[call.service];
      return new ApiError(code, message, {
        status,
        ...(call.service.startsWith('slack') && { retryAfterSeconds: 1 }),
      });
    }
    case 'InternalFailure':
      return new ApiError(
        'InternalFailure',
        'The request processing has failed because of an unknown error, exception or failure.',
        {
          status: 500,
        },
      );
    case 'AccessDenied': {
      const [code, status] = ACCESS_DENIED[call.service];
      const action = `${call.service}:${call.action}`;
      return new ApiError(
        code,
        `User is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`,
        {
          status,
        },
      );
    }
    case 'drop':
    case 'dropAnswer':
    case 'timeout':
    case undefined:
      return undefined;
    default:
      return error satisfies never;
  }
}
