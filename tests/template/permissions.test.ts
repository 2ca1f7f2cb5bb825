import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { GRANTED_WITHOUT_A_CALL, PATTERNS, SDK_CALLS, WITHOUT_RESOURCES } from './allowed-calls.ts';
import { evaluateTemplate } from './evaluate-template.ts';
import { asRecord, asText, at, type TemplateRecord } from './parse-template.ts';
import { covers, grantsOf, listOf, statementsOf } from './role.ts';
import { callsOf } from './source-calls.ts';
import { defaults, template } from './the-template.ts';

const { resources } = evaluateTemplate(template, {
  ...defaults,
  SlackWebhookUrl: 'https://hooks.slack.com/services/T/B/X',
  PagerDutyRoutingKey: '0123456789abcdef0123456789abcdef',
  EventBusName: 'kms',
  EnrichmentRoleName: 'kms-runaway-enrichment',
  TopicKmsKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/topic',
  SecretsKmsKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/secret',
});

const statements = statementsOf(resources);

describe('the role of the function', () => {
  test('allows what the detector calls, what AWS does in its name, and nothing else', () => {
    const granted = new Set(statements.flatMap((statement) => listOf(statement['Action'])));

    expect([...granted].toSorted()).toEqual(
      [...SDK_CALLS, ...Object.keys(GRANTED_WITHOUT_A_CALL)].toSorted(),
    );
  });

  test('has no wildcard among its actions, and only allows', () => {
    expect(
      statements.flatMap(({ Action }) => listOf(Action)).filter((action) => action.includes('*')),
    ).toEqual([]);
    expect(new Set(statements.map(({ Effect }) => Effect))).toEqual(new Set(['Allow']));
  });

  test('names its resources wherever AWS knows any', () => {
    const open = statements
      .filter(({ Resource }) => listOf(Resource).includes('*'))
      .flatMap(({ Action }) => listOf(Action));

    expect(open.toSorted()).toEqual([...WITHOUT_RESOURCES].toSorted());
  });

  test('leaves a resource open within its ARN only where that is said to be needed', () => {
    const open = grantsOf({ EventBusName: 'kms' }, {}).filter(({ resource }) => /.\*|\*./.test(resource));

    expect(Object.fromEntries(open.map(({ action, resource }) => [action, resource]))).toEqual(
      Object.fromEntries(
        Object.keys(PATTERNS).map((action) => [action, 'arn:aws:kms:eu-central-1:111122223333:key/*']),
      ),
    );
  });

  test('is read as IAM reads it', () => {
    const grant = (resource: string) => ({ sid: 'A', action: 'kms:DescribeKey', resource });
    const call = (resource?: string) => ({ action: 'kms:DescribeKey', ...(resource && { resource }) });

    expect(covers(grant('arn:aws:kms:r:1:key/*'), call('arn:aws:kms:r:1:key/a'))).toBe(true);
    expect(covers(grant('arn:aws:kms:r:1:key/*'), call('arn:aws:kms:r:2:key/a'))).toBe(false);
    expect(covers(grant('arn:aws:kms:r:1:key/a'), call('arn:aws:kms:r:1:key/ab'))).toBe(false);
    expect(covers(grant('arn:aws:kms:r:1:key/*'), call())).toBe(false);
    expect(covers(grant('*'), call())).toBe(true);
    expect(covers(grant('*'), { action: 'kms:Decrypt' })).toBe(false);
  });

  test('states each need once, under a name of its own', () => {
    const sids = statements.map(({ Sid }) => asText(Sid));
    const actions = statements.flatMap(({ Action, Resource }) =>
      listOf(Action).map((action) => `${action} on ${listOf(Resource).join()}`),
    );

    expect(sids).toEqual(sids.filter((sid) => /^[A-Z][A-Za-z]+$/.test(sid)));
    expect(new Set(sids).size).toBe(sids.length);
    expect(new Set(actions).size).toBe(actions.length);
  });

  test('uses a key of yours only through the service that needs it', () => {
    const uses = statements.filter(({ Action }) => listOf(Action).some((action) => action === 'kms:Decrypt'));

    expect(
      uses.map(({ Resource, Condition }) => [
        Resource,
        at(asRecord(Condition), 'StringEquals', 'kms:ViaService'),
      ]),
    ).toEqual([
      ['arn:aws:kms:eu-central-1:111122223333:key/topic', 'sns.eu-central-1.amazonaws.com'],
      ['arn:aws:kms:eu-central-1:111122223333:key/secret', 'secretsmanager.eu-central-1.amazonaws.com'],
    ]);
  });

  test('cannot use any key without such a parameter', () => {
    const granted = statementsOf(evaluateTemplate(template, defaults).resources).flatMap(({ Action }) =>
      listOf(Action),
    );

    expect(granted.filter((action) => action.startsWith('kms:')).toSorted()).toEqual([
      'kms:DescribeKey',
      'kms:GetKeyLastUsage',
      'kms:ListAliases',
    ]);
    expect(granted).not.toContain('secretsmanager:GetSecretValue');
    expect(granted).not.toContain('events:PutEvents');
  });

  test.each(['SlackWebhookSecretArn', 'PagerDutySecretArn'])(
    'reads the existing secret of %s and no other',
    (parameter) => {
      const arn = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:mine-AbC123';

      const reads = statementsOf(
        evaluateTemplate(template, { ...defaults, [parameter]: arn }).resources,
      ).filter(({ Action }) => Action === 'secretsmanager:GetSecretValue');

      expect(reads.map(({ Resource }) => Resource)).toEqual([arn]);
    },
  );

  test('puts events on the bus that is named and no other', () => {
    const puts = statements.filter(({ Action }) => Action === 'events:PutEvents');

    expect(puts.map(({ Resource }) => Resource)).toEqual([
      'arn:aws:events:eu-central-1:111122223333:event-bus/kms',
    ]);
  });

  test('looks into other accounts only by the role that is named, and only if one is', () => {
    const assumed = (made: TemplateRecord) =>
      statementsOf(made)
        .filter(({ Action }) => Action === 'sts:AssumeRole')
        .map(({ Resource }) => Resource);

    expect(assumed(resources)).toEqual(['arn:aws:iam::*:role/kms-runaway-enrichment']);
    expect(assumed(evaluateTemplate(template, defaults).resources)).toEqual([]);
  });

  test('has a reason in the template and on the page about permissions for each statement', () => {
    const lines = readFileSync(new URL('../../template.yaml', import.meta.url), 'utf8').split('\n');
    const page = readFileSync(new URL('../../docs/permissions.md', import.meta.url), 'utf8');
    const sids = lines.flatMap((line) => /Sid: (\w+)/.exec(line)?.[1] ?? []);

    for (const sid of sids.filter((name) => name !== 'AlarmsOfThisAccount')) {
      const line = lines.findIndex((text) => text.includes(`Sid: ${sid}`));
      expect(lines.slice(line - 3, line).join('\n'), sid).toMatch(/^ +# \S/m);
    }
    expect(sids.filter((sid) => !page.includes(`\`${sid}\``))).toEqual([]);
  });
});

describe('the source of the adapters', () => {
  test('calls what the role allows, and nothing else', () => {
    const folder = new URL('../../shared/adapters/', import.meta.url);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );

    const calls = new Set(files.flatMap((file) => callsOf(readFileSync(new URL(file, folder), 'utf8'))));

    expect([...calls].toSorted()).toEqual([...SDK_CALLS]);
  });

  test('is read by these rules', () => {
    const source = `
import { DeleteCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { type KMSClient, DescribeKeyCommand } from '@aws-sdk/client-kms';`;

    expect(callsOf(source)).toEqual(['dynamodb:DeleteItem', 'dynamodb:Query', 'kms:DescribeKey']);
  });
});
