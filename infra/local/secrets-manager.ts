import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { LocalClock } from './clock.ts';
import { parseInput } from './input.ts';
import { ApiError, type Service } from './service.ts';
import type { World } from './world.ts';

/** The embedded Secrets Manager, for tests and the demo to reach into. */
export interface LocalSecrets {
  /** Stores a value under a name, new or not, and returns the secret's ARN. */
  put(name: string, value: string): string;
}

interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly createdAt: number;
  value: string | undefined;
  versionId: string;
}

const text = z.string();
const createInput = z.object({ Name: text.min(1).max(512), SecretString: text.max(65_536).optional() });
const getInput = z.object({ SecretId: text, VersionId: text.optional(), VersionStage: text.optional() });
const putInput = z.object({ SecretId: text, SecretString: text.max(65_536) });

/**
 * Secrets Manager with the current version of every secret
 * (https://docs.aws.amazon.com/secretsmanager/latest/apireference/Welcome.html).
 */
export function createSecretsManager(
  world: World,
  clock: LocalClock,
): { service: Service; secrets: LocalSecrets } {
  const secrets = new Map<string, Secret>();

  const create = (name: string, value: string | undefined): Secret => {
    // Real ARNs end in six random characters; here they follow from the name.
    const suffix = createHash('sha256').update(name).digest('hex').slice(0, 6);
    const arn = `arn:aws:secretsmanager:${world.region}:${world.accountId}:secret:${name}-${suffix}`;
    const secret = { arn, name, createdAt: clock.now(), value, versionId: randomUUID() };
    secrets.set(name, secret);
    return secret;
  };
  const find = (id: string): Secret | undefined =>
    [...secrets.values()].find(({ arn, name }) => id === name || id === arn || id === arn.slice(0, -7));
  const get = (id: string): Secret =>
    find(id) ?? notFound("Secrets Manager can't find the specified secret.");
  const update = (secret: Secret, value: string): void => {
    secret.value = value;
    secret.versionId = randomUUID();
  };

  const service: Service = {
    name: 'secretsmanager',
    actions: {
      CreateSecret(input) {
        const { Name, SecretString } = parseInput(createInput, input);
        if (secrets.has(Name)) {
          throw new ApiError(
            'ResourceExistsException',
            `The operation failed because the secret ${Name} already exists.`,
          );
        }
        const { arn, name, versionId } = create(Name, SecretString);
        return { ARN: arn, Name: name, ...(SecretString !== undefined && { VersionId: versionId }) };
      },
      GetSecretValue(input) {
        const request = parseInput(getInput, input);
        const { arn, name, value, versionId, createdAt } = get(request.SecretId);
        const stage = request.VersionStage ?? 'AWSCURRENT';
        const isCurrent = stage === 'AWSCURRENT' && (request.VersionId ?? versionId) === versionId;
        if (value === undefined || !isCurrent) {
          notFound(`Secrets Manager can't find the specified secret value for staging label: ${stage}`);
        }
        return {
          ARN: arn,
          Name: name,
          VersionId: versionId,
          SecretString: value,
          VersionStages: ['AWSCURRENT'],
          CreatedDate: createdAt,
        };
      },
      PutSecretValue(input) {
        const { SecretId, SecretString } = parseInput(putInput, input);
        const secret = get(SecretId);
        update(secret, SecretString);
        return {
          ARN: secret.arn,
          Name: secret.name,
          VersionId: secret.versionId,
          VersionStages: ['AWSCURRENT'],
        };
      },
    },
    resource({ input }) {
      const id = input['SecretId'];
      return typeof id === 'string' ? find(id)?.arn : undefined;
    },
  };

  const put = (name: string, value: string): string => {
    const secret = secrets.get(name) ?? create(name, value);
    update(secret, value);
    return secret.arn;
  };
  return { service, secrets: { put } };
}

function notFound(message: string): never {
  throw new ApiError('ResourceNotFoundException', message);
}
