/** The services that the embedded AWS answers for: those of AWS by their IAM prefix, and who else is told. */
export type ServiceName =
  | 'cloudwatch'
  | 'cloudtrail'
  | 'kms'
  | 'sns'
  | 'sts'
  | 'secretsmanager'
  | 'dynamodb'
  | 'events'
  | 'servicequotas'
  | 'lambda'
  | 'slack'
  | 'slackApi'
  | 'pagerduty';

/** Parameters of a call, decoded from JSON or from a form. */
export type Input = Readonly<Record<string, unknown>>;

/** One call, as a service sees it. */
export interface Call {
  readonly service: ServiceName;
  readonly action: string;
  readonly input: Input;
  /** Region of the credential scope: the Region the client believes it talks to. */
  readonly region: string;
  /** The account whose role the credentials are of. @default the account of the world */
  readonly account?: string;
}

/**
 * A service: one function per action, which returns the answer or throws an `ApiError`. Times are epoch seconds
 * in both directions; the protocol layer turns them into what the wire wants.
 */
export interface Service {
  readonly name: ServiceName;
  readonly actions: Readonly<Record<string, (input: Input, call: Call) => unknown>>;
  /** XML namespace of the Query protocol, for the services that speak it. */
  readonly xmlNamespace?: string;
  /** ARN of what a call is about, where IAM knows one. */
  resource?(call: Call): string | undefined;
}

/** An error that the service answers with, worded as AWS words it. */
export class ApiError extends Error {
  override readonly name = 'ApiError' as const;
  /** Code of the Query protocol, such as `InvalidParameterValue`. */
  readonly code: string;
  readonly status: number;
  /** Name of the error's shape in the JSON protocol, where it differs from the code. */
  readonly shape: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: string,
    message: string,
    options: { readonly status?: number; readonly shape?: string; readonly retryAfterSeconds?: number } = {},
  ) {
    super(message);
    this.code = code;
    this.status = options.status ?? 400;
    this.shape = options.shape ?? code;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
