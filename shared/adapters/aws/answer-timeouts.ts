/**
 * Milliseconds until a connection that is not made, or on which nothing comes, is given up: an SDK's client would wait
 * as long as the function may run. Passed as `requestHandler`.
 */
export const ANSWER_TIMEOUTS = { connectionTimeout: 5_000, socketTimeout: 20_000 } as const;
