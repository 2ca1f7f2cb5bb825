/** What is needed of an HTTP answer. */
interface Answered {
  readonly response?: unknown;
}

type Middleware = <Args, Output extends Answered>(
  next: (args: Args) => Promise<Output>,
) => (args: Args) => Promise<Output>;

interface Client {
  readonly middlewareStack: {
    add(middleware: Middleware, options: { readonly step: 'deserialize'; readonly name: string }): void;
  };
}

/**
 * Compares the clock here with the `Date` header of each answer of a client. Returns by how many seconds this clock is
 * ahead by the last answer; undefined before the first. The header has whole seconds, and the answer was on its way:
 * within two seconds nothing can be said.
 */
export function watchDate(client: Client, nowMs: () => number = Date.now): () => number | undefined {
  let aheadSeconds: number | undefined;
  client.middlewareStack.add(
    (next) => async (args) => {
      const askedMs = nowMs();
      const answered = await next(args);
      const serverMs = Date.parse(dateOf(answered.response));
      if (!Number.isNaN(serverMs)) aheadSeconds = aheadOf(serverMs, askedMs, nowMs());
      return answered;
    },
    { step: 'deserialize', name: 'watchDate' },
  );
  return () => aheadSeconds;
}

/** The server looked at its clock between the question and the answer, and cut the second short. */
function aheadOf(serverMs: number, askedMs: number, answeredMs: number): number {
  if (serverMs + 1000 < askedMs) return (askedMs - serverMs - 1000) / 1000;
  return serverMs > answeredMs ? (answeredMs - serverMs) / 1000 : 0;
}

function dateOf(response: unknown): string {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return '';
  const { headers } = response;
  if (typeof headers !== 'object' || headers === null) return '';
  const [, date] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'date') ?? [];
  return typeof date === 'string' ? date : '';
}
