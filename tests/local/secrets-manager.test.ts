import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, test } from 'vitest';
import { startForTest } from './clients.ts';

describe('Secrets Manager', () => {
  test('a secret is found by name, ARN and ARN without its suffix', async () => {
    const { aws, secrets } = await startForTest();
    const arn = aws.secrets.put('slack', 'https://example.com');

    const values = [];
    for (const SecretId of ['slack', arn, arn.slice(0, -7)]) {
      values.push((await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString);
    }

    expect(values).toEqual(Array(3).fill('https://example.com'));
  });

  test('a new value takes the place of the old one', async () => {
    const { secrets } = await startForTest();
    const created = await secrets.send(new CreateSecretCommand({ Name: 'key', SecretString: 'old' }));

    const put = await secrets.send(new PutSecretValueCommand({ SecretId: 'key', SecretString: 'new' }));
    const got = await secrets.send(new GetSecretValueCommand({ SecretId: created.ARN }));

    expect(got).toMatchObject({
      Name: 'key',
      SecretString: 'new',
      VersionId: put.VersionId,
      VersionStages: ['AWSCURRENT'],
    });
    expect(put.VersionId).not.toBe(created.VersionId);
  });

  test('a secret that does not exist is not found', async () => {
    const { secrets } = await startForTest();

    const answer = secrets.send(new GetSecretValueCommand({ SecretId: 'nobody' }));

    await expect(answer).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret.",
    });
  });

  test('a secret without a value has no current version', async () => {
    const { secrets } = await startForTest();
    await secrets.send(new CreateSecretCommand({ Name: 'empty' }));

    const answer = secrets.send(new GetSecretValueCommand({ SecretId: 'empty' }));

    await expect(answer).rejects.toThrow('staging label: AWSCURRENT');
  });

  test('a name is taken only once', async () => {
    const { secrets } = await startForTest();
    await secrets.send(new CreateSecretCommand({ Name: 'key', SecretString: 'a' }));

    const answer = secrets.send(new CreateSecretCommand({ Name: 'key', SecretString: 'b' }));

    await expect(answer).rejects.toMatchObject({ name: 'ResourceExistsException' });
  });
});
