import { aroundCalls, type CallingClient } from './around-calls.ts';

/** Counts the calls of these clients from now on, by IAM action; keys are the prefixes of the actions. */
export function countCalls(clients: Readonly<Record<string, CallingClient>>): ReadonlyMap<string, number> {
  const calls = new Map<string, number>();
  for (const [prefix, client] of Object.entries(clients)) {
    aroundCalls(client, 'countCalls', (call, next) => {
      const action = `${prefix}:${call}`;
      calls.set(action, (calls.get(action) ?? 0) + 1);
      return next();
    });
  }
  return calls;
}
