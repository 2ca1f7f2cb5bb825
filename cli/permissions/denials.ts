import { aroundCalls, type CallingClient } from '../../shared/adapters/aws/around-calls.ts';
import { READ_ONLY_POLICY, type Statement, statementFor } from './read-only-policy.ts';

const denied = new Set<string>();

const DENIED = /^(AccessDenied(Exception)?|UnauthorizedOperation|AuthorizationError|NotAuthorized)$/;

/** A key's own policy, or that of another account, is nothing that the reader of this line can mend by IAM. */
const BEYOND_IAM = /resource-based policy|service control policy|explicit deny/;

/** Notes the actions of a client that AWS denies, also where the answer goes on without them. Returns the client. */
export function noticing<T extends CallingClient>(prefix: string, client: T): T {
  aroundCalls(client, 'noticeDenials', async (call, next) => {
    try {
      return await next();
    } catch (error) {
      if (error instanceof Error && DENIED.test(error.name) && !BEYOND_IAM.test(error.message))
        denied.add(actionOf(prefix, call));
      throw error;
    }
  });
  return client;
}

/** IAM calls Lambda's Invoke InvokeFunction; else the names are the same. */
const actionOf = (prefix: string, call: string): string =>
  prefix === 'lambda' && call === 'Invoke' ? 'lambda:InvokeFunction' : `${prefix}:${call}`;

/** What to add to whose policy, if anything was denied so far. */
export function denialAdvice(): string | undefined {
  if (denied.size === 0) return undefined;
  const statements = [...new Set([...denied].map(statementFor))];
  const reads = statements.every((one) => (READ_ONLY_POLICY.Statement as readonly Statement[]).includes(one));
  return [
    `Not allowed: ${[...denied].toSorted().join(', ')}. Add to the policy of whoever runs this:`,
    ...statements.map((statement) => `  ${JSON.stringify(statement)}`),
    ...(reads ? ['`kms-runaway permissions` prints the whole policy, which only reads.'] : []),
  ].join('\n');
}
