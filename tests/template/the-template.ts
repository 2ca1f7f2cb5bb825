import { readFileSync } from 'node:fs';
import { asRecord, parseTemplate, type TemplateRecord, type TemplateValue } from './parse-template.ts';

/** The template that is deployed. */
export const template: TemplateRecord = parseTemplate(
  readFileSync(new URL('../../template.yaml', import.meta.url), 'utf8'),
);

export const parameters = asRecord(template['Parameters']);
export const resources = asRecord(template['Resources']);

/** Every parameter's default. */
export const defaults: TemplateRecord = Object.fromEntries(
  Object.entries(parameters).map(([name, parameter]) => [name, asRecord(parameter)['Default'] ?? '']),
);

export const resourcesOfType = (type: string): [string, TemplateRecord][] =>
  Object.entries(resources)
    .filter(([, resource]) => asRecord(resource)['Type'] === type)
    .map(([name, resource]) => [name, asRecord(asRecord(resource)['Properties'])]);

/** Every text and key within a value, depth first. */
export function textsOf(value: TemplateValue | undefined): string[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object') return [String(value)];
  return Object.entries(value).flatMap(([key, entry]) => [key, ...textsOf(entry)]);
}
