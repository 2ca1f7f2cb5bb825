/** The calls of `@aws-sdk` packages that adapters import, as IAM names them. */
export const callsOf = (source: string): string[] =>
  [...source.matchAll(/import \{([^}]*)\} from '@aws-sdk\/((?:client|lib)-[a-z-]+)'/g)].flatMap(
    ([, names = '', client = '']) =>
      names
        .split(',')
        .map((name) => name.trim())
        .flatMap(
          (name) => /^paginate(\w+)$/.exec(name)?.[1] ?? /^(?!type )(\w+)Command$/.exec(name)?.[1] ?? [],
        )
        .map((call) => `${prefixOf(client)}:${client === 'lib-dynamodb' ? itemCall(call) : call}`),
  );

const prefixOf = (client: string): string =>
  ({
    'lib-dynamodb': 'dynamodb',
    'client-secrets-manager': 'secretsmanager',
    'client-eventbridge': 'events',
    'client-service-quotas': 'servicequotas',
  })[client] ?? client.replace('client-', '');

const itemCall = (call: string): string =>
  ['Get', 'Put', 'Update', 'Delete'].includes(call) ? `${call}Item` : call;
