/** A step that calls of an SDK client pass. */
type Middleware = <Args, Output>(
  next: (args: Args) => Promise<Output>,
  context: { readonly commandName?: string },
) => (args: Args) => Promise<Output>;

/** The part of an SDK client that its calls pass. */
export interface CallingClient {
  readonly middlewareStack: {
    add(middleware: Middleware, options: { readonly step: 'initialize'; readonly name: string }): void;
  };
}

/** Lets every call of a client, retries included, pass `around` once; `call` is its name, such as ListMetrics. */
export function aroundCalls(
  client: CallingClient,
  name: string,
  around: <Output>(call: string, next: () => Promise<Output>) => Promise<Output>,
): void {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) =>
        around(commandName.replace(/Command$/, ''), () => next(args)),
    { step: 'initialize', name },
  );
}
