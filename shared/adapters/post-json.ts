import type { SendOutcome } from '../app/ports.ts';

/** What came back: a status and the start of a body, or no answer and a word for why. */
export type PostAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body: string;
      readonly retryAfter: string | null;
    }
  | { readonly kind: 'noAnswer'; readonly why: string };

/** How a request is made. */
export interface PostOptions {
  /** For the request and its answer. */
  readonly timeoutMs: number;
  /** Beside the content type. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes of the answer that are read. @default 2,048: most answers are a word, a proxy's may be a page. */
  readonly maxBodyBytes?: number;
}

const MAX_BODY_BYTES = 2048;

/**
 * Posts JSON and reads the start of the answer, both within `timeoutMs`. Follows no redirect, so that nobody else
 * gets the message. Never throws, and never repeats the URL or a header: they may be secret.
 */
export async function postJson(url: string, payload: unknown, options: PostOptions): Promise<PostAnswer> {
  const { timeoutMs, headers = {}, maxBodyBytes = MAX_BODY_BYTES } = options;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(payload),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const body = await startOf(response, maxBodyBytes);
    return { kind: 'answer', status: response.status, body, retryAfter: response.headers.get('retry-after') };
  } catch (error) {
    return { kind: 'noAnswer', why: causeOf(error) };
  }
}

async function startOf(response: Response, maxBytes: number): Promise<string> {
  if (!response.body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the stream: the rest is never read.
  for await (const chunk of response.body) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size >= maxBytes) break;
  }
  return new TextDecoder().decode(Buffer.concat(chunks).subarray(0, maxBytes)).trim();
}

/** A code such as ECONNREFUSED or TimeoutError. Messages of fetch may hold the URL, so they are never used. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { cause } = error;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' && /^[A-Z_0-9]{2,40}$/.test(code) ? code : error.name;
}

/** Longest wait that is believed: an hour. */
const MAX_RETRY_AFTER_SECONDS = 3600;

/** Another try, not before the seconds of a Retry-After header, if it holds any. */
export function tryAgain(reason: string, retryAfter: string | null = null): SendOutcome {
  const seconds = Math.ceil(Number(retryAfter ?? Number.NaN));
  return seconds > 0
    ? { kind: 'retry', reason, afterSeconds: Math.min(seconds, MAX_RETRY_AFTER_SECONDS) }
    : { kind: 'retry', reason };
}
