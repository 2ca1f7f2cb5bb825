import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PATTERNS, WITHOUT_RESOURCES } from './allowed-calls.ts';
import { evaluateTemplate } from './evaluate-template.ts';
import { asList, asRecord, asText, at, parseTemplate, type TemplateRecord } from './parse-template.ts';
import { listOf } from './role.ts';
import { callsOf } from './source-calls.ts';
import { template as detector, parameters as ofDetector } from './the-template.ts';

const DETECTOR = 'arn:aws:iam::111122223333:role/kms-runaway-DetectorRole-1ABC';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const template = parseTemplate(read('infra/enrichment-role.yaml'));
const parameters = asRecord(template['Parameters']);
const made = evaluateTemplate(
  { Conditions: {}, Mappings: {}, Outputs: {}, ...template },
  {
    DetectorRoleArn: DETECTOR,
    EnrichmentRoleName: asText(at(parameters, 'EnrichmentRoleName', 'Default')),
    'AWS::AccountId': '222233334444',
  },
);
const role = asRecord(at(made.resources, 'EnrichmentRole', 'Properties'));
const statements = asList(at(role, 'Policies')).flatMap((policy) =>
  asList(at(policy, 'PolicyDocument', 'Statement')).map(asRecord),
);

/** The file of an adapter and those that it imports from beside it. */
function withNeighbours(file: string, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const source = read(`shared/adapters/aws/${file}`);
  for (const [, neighbour = ''] of source.matchAll(/from '\.\/([\w-]+\.ts)'/g))
    withNeighbours(neighbour, seen);
  return seen;
}

/** Adapters that the composition root opens by the role: for names, for quotas and for callers. */
const ADAPTERS = ['kms-key-lookup.ts', 'service-quotas-lookup.ts', 'cloudtrail-caller-source.ts'];

describe('the role in linked accounts', () => {
  test('allows what looking there calls, and nothing else', () => {
    const files = new Set(ADAPTERS.flatMap((adapter) => [...withNeighbours(adapter)]));
    const calls = new Set([...files].flatMap((file) => callsOf(read(`shared/adapters/aws/${file}`))));

    const granted = statements.flatMap(({ Action }) => listOf(Action));

    expect(granted.toSorted()).toEqual([...calls].toSorted());
    expect(granted).toContain('kms:GetKeyLastUsage');
  });

  test('is opened by the composition root for these adapters only', () => {
    const root = read('functions/detector/compose.ts');

    const opened = [...root.matchAll(/clientOf\(places, target\)/g)];

    expect(opened).toHaveLength(ADAPTERS.length);
    for (const name of ['KmsKeyLookup(', 'lazyQuotaLookup(clientOf', 'CloudTrailCallerSource('])
      expect(root).toContain(name);
  });

  test('only allows, and only this account’s keys wherever AWS knows resources', () => {
    const resources = statements.flatMap(({ Action, Resource }) =>
      listOf(Action).map((action) => [action, Resource] as const),
    );

    expect(new Set(statements.map(({ Effect }) => Effect))).toEqual(new Set(['Allow']));
    for (const [action, resource] of resources) {
      const isOpen = WITHOUT_RESOURCES.some((open) => open === action);
      expect([action, resource]).toEqual([action, isOpen ? '*' : 'arn:aws:kms:*:222233334444:key/*']);
      if (!isOpen) expect(Object.keys(PATTERNS)).toContain(action);
    }
  });

  test('is assumed by the role of the detector and by nobody else', () => {
    expect(asList(at(role, 'AssumeRolePolicyDocument', 'Statement'))).toEqual([
      { Effect: 'Allow', Principal: { AWS: DETECTOR }, Action: 'sts:AssumeRole' },
    ]);
  });

  test('has a reason for each statement', () => {
    const lines = read('infra/enrichment-role.yaml').split('\n');
    const sids = lines.flatMap((line, i) => (/Sid: /.test(line) ? [i] : []));

    expect(sids).toHaveLength(statements.length);
    for (const i of sids) expect(lines[i - 1]).toMatch(/^ +# \S/);
  });
});

describe('its parameters', () => {
  const takes = (name: string, among: TemplateRecord = parameters): RegExp =>
    new RegExp(`^(?:${asText(at(among, name, 'AllowedPattern'))})$`);

  test('take the ARN of a role of any partition and path, and nothing that would open the role', () => {
    const pattern = takes('DetectorRoleArn');

    for (const arn of [DETECTOR, 'arn:aws-us-gov:iam::111122223333:role/teams/kms/detector'])
      expect(arn).toMatch(pattern);
    for (const arn of [
      '',
      '*',
      'arn:aws:iam::111122223333:root',
      'arn:aws:iam::*:role/detector',
      'arn:aws:iam::111122223333:role/*',
      'arn:aws:iam::111122223333:user/ada',
      'arn:aws:sts::111122223333:assumed-role/detector/session',
    ])
      expect(arn).not.toMatch(pattern);
  });

  test('take the names of roles that the stack of the detector takes', () => {
    const here = takes('EnrichmentRoleName');
    const there = takes('EnrichmentRoleName', ofDetector);

    for (const name of ['kms-runaway-enrichment', 'a.b_c+d=e,f@g', 'x'.repeat(64)]) {
      expect(name).toMatch(here);
      expect(name).toMatch(there);
    }
    // There it may be empty: no role.
    for (const name of ['', 'a/b', '*', 'x'.repeat(65)]) expect(name).not.toMatch(here);
  });

  test('say what they are and what they accept', () => {
    for (const name of Object.keys(parameters)) {
      expect(asText(at(parameters, name, 'Description')), name).toMatch(/\.$/);
      expect(asText(at(parameters, name, 'ConstraintDescription')), name).toMatch(/\.$/);
    }
  });

  test('are told by an output of the stack of the detector', () => {
    expect(at(asRecord(detector['Outputs']), 'DetectorRoleArn', 'Value')).toEqual({
      'Fn::GetAtt': ['DetectorRole', 'Arn'],
    });
  });
});
