/** A step that calls of an SDK client pass. */
type Middleware = <Args, Output>(
  next: (args: Args) => Promise<Output>,
  context: { readonly commandName?: string },
) => (args: Args) => Promise<Output>;

interface Client {
  readonly middlewareStack: {
    add(middleware: Middleware, options: { readonly step: 'initialize'; readonly name: string }): void;
  };
}

/** Counts the calls of these clients from now on, by IAM action; keys are the prefixes of the actions. */
export function countCalls(clients: Readonly<Record<string, Client>>): ReadonlyMap<string, number> {
  const calls = new Map<string, number>();
  for (const [prefix, client] of Object.entries(clients)) {
    client.middlewareStack.add(
      (next, { commandName = '' }) =>
        (args) => {
          const action = `${prefix}:${commandName.replace(/Command$/, '')}`;
          calls.set(action, (calls.get(action) ?? 0) + 1);
          return next(args);
        },
      { step: 'initialize', name: 'countCalls' },
    );
  }
  return calls;
}
