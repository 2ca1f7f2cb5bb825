import type { RecordedCall } from '../../infra/local/dispatcher.ts';
import { evaluateTemplate } from './evaluate-template.ts';
import {
  asList,
  asRecord,
  asText,
  at,
  isList,
  type TemplateRecord,
  type TemplateValue,
} from './parse-template.ts';
import { defaults, template } from './the-template.ts';

export const listOf = (value: TemplateValue | undefined): string[] =>
  (isList(value) ? value : [value]).map(String);

/** The statements of the function's role, in resources that were made. */
export const statementsOf = (made: TemplateRecord): TemplateRecord[] =>
  asList(at(made, 'DetectorRole', 'Properties', 'Policies')).flatMap((policy) =>
    asList(at(policy, 'PolicyDocument', 'Statement')).map(asRecord),
  );

/** An action on a resource, or on resources by a pattern, that the role allows. */
export interface Grant {
  readonly sid: string;
  readonly action: string;
  readonly resource: string;
}

/** What the role allows under given parameters, with the ARNs that the stack's own resources have got. */
export function grantsOf(parameters: TemplateRecord, arns: Readonly<Record<string, string>>): Grant[] {
  const { resources } = evaluateTemplate(template, { ...defaults, ...parameters });
  return statementsOf(resources).flatMap(({ Sid, Action, Resource }) =>
    listOf(Action).flatMap((action) =>
      listOf(Resource).map((resource) => ({
        sid: asText(Sid),
        action,
        resource: arns[resource] ?? resource,
      })),
    ),
  );
}

/** Whether a grant is what IAM would let a call through by. A call without a resource needs `*`. */
export function covers(
  grant: Grant,
  { action, resource }: Pick<RecordedCall, 'action' | 'resource'>,
): boolean {
  if (grant.action !== action) return false;
  if (resource === undefined) return grant.resource === '*';
  const pattern = grant.resource.split('*').map(escapeRegExp).join('.*');
  return new RegExp(`^${pattern}$`).test(resource);
}

const escapeRegExp = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
