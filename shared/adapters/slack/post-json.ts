/** What came back: a status and the start of a body, or no answer and a word for why. */
export type PostAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body: string;
      readonly retryAfter: string | null;
    }
  | { readonly kind: 'noAnswer'; readonly why: string };

/** Bytes of an answer that are read: Slack's are a single word, a proxy's may be a page. */
const MAX_BODY_BYTES = 2048;

/**
 * Posts JSON and reads the start of the answer, both within `timeoutMs`. Follows no redirect, so that nobody else
 * gets the message. Never throws, and never repeats the URL: it is a secret.
 */
export async function postJson(url: string, payload: unknown, timeoutMs: number): Promise<PostAnswer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(payload),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const body = await startOf(response);
    return { kind: 'answer', status: response.status, body, retryAfter: response.headers.get('retry-after') };
  } catch (error) {
    return { kind: 'noAnswer', why: causeOf(error) };
  }
}

async function startOf(response: Response): Promise<string> {
  if (!response.body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the stream: the rest is never read.
  for await (const chunk of response.body) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size >= MAX_BODY_BYTES) break;
  }
  return new TextDecoder().decode(Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES)).trim();
}

/** A code such as ECONNREFUSED or TimeoutError. Messages of fetch may hold the URL, so they are never used. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { cause } = error;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' && /^[A-Z_0-9]{2,40}$/.test(code) ? code : error.name;
}
