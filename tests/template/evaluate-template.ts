import {
  asList,
  asRecord,
  asText,
  at,
  isList,
  type TemplateRecord,
  type TemplateValue,
} from './parse-template.ts';

/** What CloudFormation knows without being told. */
const PSEUDO: TemplateRecord = {
  'AWS::AccountId': '111122223333',
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-central-1',
  'AWS::StackName': 'a-stack',
};

/** Stands for `AWS::NoValue`: the property is as if it had not been written. */
const ABSENT = Symbol('AWS::NoValue');

/** A template under one set of parameters: conditions decided, functions resolved, resources left out that are not made. */
export interface Evaluated {
  readonly resources: TemplateRecord;
  readonly outputs: TemplateRecord;
}

/** Evaluates a template, or throws a DanglingError if something refers to what is not there. */
export function evaluateTemplate(template: TemplateRecord, parameters: TemplateRecord): Evaluated {
  const conditions = asRecord(template['Conditions']);
  const all = asRecord(template['Resources']);
  const scope: Scope = {
    parameters: { ...PSEUDO, ...parameters },
    mappings: asRecord(template['Mappings']),
    conditions,
    isMade: (name) => {
      const resource = all[name];
      if (resource === undefined) return false;
      const { Condition } = asRecord(resource);
      return Condition === undefined || isTrue({ Condition }, scope);
    },
  };
  return {
    resources: evaluateSection(all, scope),
    outputs: evaluateSection(asRecord(template['Outputs']), scope),
  };
}

/** Whether the parameters pass the template's rules. */
export function passesRules(template: TemplateRecord, parameters: TemplateRecord): boolean {
  const scope: Scope = { parameters, mappings: {}, conditions: {}, isMade: () => false };
  return Object.values(asRecord(template['Rules'])).every((rule) => {
    const { RuleCondition, Assertions } = asRecord(rule);
    if (RuleCondition !== undefined && !isTrue(RuleCondition, scope)) return true;
    return asList(Assertions).every((assertion) => isTrue(at(assertion, 'Assert'), scope));
  });
}

interface Scope {
  readonly parameters: TemplateRecord;
  readonly mappings: TemplateRecord;
  readonly conditions: TemplateRecord;
  readonly isMade: (resource: string) => boolean;
}

function evaluateSection(section: TemplateRecord, scope: Scope): TemplateRecord {
  const made = Object.entries(section).filter(([, entry]) => {
    const { Condition } = asRecord(entry);
    return Condition === undefined || isTrue({ Condition }, scope);
  });
  return Object.fromEntries(
    made.map(([name, entry]) => {
      const { Condition: _, ...rest } = asRecord(entry);
      return [name, present(evaluate(rest, scope, name))];
    }),
  );
}

function evaluate(value: TemplateValue, scope: Scope, where: string): TemplateValue | typeof ABSENT {
  if (isList(value))
    return value.map((entry) => evaluate(entry, scope, where)).filter((entry) => entry !== ABSENT);
  if (typeof value !== 'object' || value === null) return value;
  const [first] = Object.entries(value);
  if (first && Object.keys(value).length === 1 && (first[0] === 'Ref' || first[0].startsWith('Fn::'))) {
    return evaluateFunction(first[0], first[1], scope, where);
  }
  const entries = Object.entries(value).map(
    ([key, entry]) => [key, evaluate(entry, scope, `${where}.${key}`)] as const,
  );
  return Object.fromEntries(
    entries.filter((entry): entry is readonly [string, TemplateValue] => entry[1] !== ABSENT),
  );
}

function evaluateFunction(
  name: string,
  argument: TemplateValue,
  scope: Scope,
  where: string,
): TemplateValue | typeof ABSENT {
  const resolve = (value: TemplateValue) => present(evaluate(value, scope, where));
  switch (name) {
    case 'Ref':
      return argument === 'AWS::NoValue' ? ABSENT : refer(asText(argument), scope, where);
    case 'Fn::GetAtt': {
      const [resource, attribute] = asList(argument).map(String);
      return `${refer(String(resource), scope, where)}.${attribute}`;
    }
    case 'Fn::If': {
      const [condition = '', whenTrue = null, whenFalse = null] = asList(argument);
      return evaluate(isTrue({ Condition: condition }, scope) ? whenTrue : whenFalse, scope, where);
    }
    case 'Fn::FindInMap': {
      const path = asList(argument).map((step) => asText(resolve(step)));
      return at(scope.mappings, ...path);
    }
    case 'Fn::Sub': {
      const [text, own] = isList(argument) ? argument : [argument, {}];
      const variables = asRecord(resolve(own ?? {}));
      return asText(text).replaceAll(/\$\{([^!][^}]*)\}/g, (_, variable: string) => {
        const given = variables[variable];
        if (given !== undefined) return asText(given);
        const [resource = '', ...attribute] = variable.split('.');
        return [refer(resource, scope, where), ...attribute].join('.');
      });
    }
    default:
      throw new TypeError(`${where}: ${name} is not known here`);
  }
}

function refer(name: string, scope: Scope, where: string): string {
  const parameter = scope.parameters[name];
  if (parameter !== undefined) return asText(parameter);
  if (scope.isMade(name)) return `<${name}>`;
  throw new DanglingError(where, name);
}

function isTrue(condition: TemplateValue, scope: Scope): boolean {
  const [name, argument] = Object.entries(asRecord(condition))[0] ?? [];
  if (name === undefined || argument === undefined) throw new TypeError('an empty condition');
  switch (name) {
    case 'Condition':
      return isTrue(at(scope.conditions, asText(argument)), scope);
    case 'Fn::Not':
      return !asList(argument).some((part) => isTrue(part, scope));
    case 'Fn::And':
      return asList(argument).every((part) => isTrue(part, scope));
    case 'Fn::Or':
      return asList(argument).some((part) => isTrue(part, scope));
    case 'Fn::Equals': {
      const [left, right] = asList(argument).map((side) => present(evaluate(side, scope, 'a condition')));
      // CloudFormation compares texts: parameters of type Number are texts, too.
      return asText(left) === asText(right);
    }
    default:
      throw new TypeError(`${name} is no condition`);
  }
}

function present(value: TemplateValue | typeof ABSENT): TemplateValue {
  if (value === ABSENT) throw new TypeError('AWS::NoValue where a value is needed');
  return value;
}

/** Something that a template refers to, and that is not made under the present parameters. */
export class DanglingError extends Error {
  override name = 'DanglingError' as const;

  constructor(where: string, missing: string) {
    super(`${where} refers to ${missing}, which is not there`);
  }
}
