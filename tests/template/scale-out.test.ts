import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SHARDS } from '../../shared/domain/usage/shard.ts';
import { asRecord, asText, parseTemplate, type TemplateValue } from './parse-template.ts';
import { textsOf } from './the-template.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const resources = asRecord(parseTemplate(read('template-scale-out.yaml'))['Resources']);
const propertiesOf = (name: string) => asRecord(asRecord(resources[name])['Properties']);
const machine = propertiesOf('DividedCheck');
const definition = read(asText(machine['DefinitionUri']));

/** Names in a text that CloudFormation or the language of Step Functions puts something in for. */
const namesIn = (text: string, pattern: RegExp): string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].sort();

describe('the template of the divided check', () => {
  it('puts in everything that the definition leaves open, and nothing else', () => {
    const substitutions = Object.keys(asRecord(machine['DefinitionSubstitutions'])).sort();

    expect(namesIn(definition, /\$\{(\w+)\}/g)).toEqual(substitutions);
  });

  it('starts the definition with the moment that its steps pass on', () => {
    const schedule = asRecord(asRecord(asRecord(machine['Events'])['Schedule'])['Properties']);
    const input = JSON.parse(asText(schedule['Input'])) as Record<string, unknown>;

    expect(input).toEqual({ scheduledTime: '<aws.scheduler.scheduled-time>' });
    expect(schedule['OmitName']).toBe(true);
  });

  it('asks for the function by the output that the stack of the detector has', () => {
    const outputs = asRecord(parseTemplate(read('template.yaml'))['Outputs']);

    expect(asRecord(outputs['FunctionArn'])['Value']).toEqual({ 'Fn::GetAtt': ['Detector', 'Arn'] });
  });

  it('checks every shard there is', () => {
    const { States } = JSON.parse(definition) as {
      readonly States: { readonly Shards: { Result: number[] } };
    };

    expect(States.Shards.Result).toEqual(Array.from({ length: SHARDS }, (_, shard) => shard));
  });

  it('may invoke the detector, start its own shards and log, and nothing else', () => {
    const policies: TemplateValue[] = [
      propertiesOf('ScaleOutRole')['Policies'] ?? null,
      propertiesOf('StartShards')['PolicyDocument'] ?? null,
    ];
    const actions = policies
      .flatMap(textsOf)
      .filter((text) => /^(lambda|states|logs):\w+$|^\*:\*$/.test(text));

    expect(actions.filter((action) => !action.startsWith('logs:'))).toEqual([
      'lambda:InvokeFunction',
      'states:StartExecution',
      'states:DescribeExecution',
      'states:StopExecution',
    ]);
  });
});
