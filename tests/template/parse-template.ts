import { isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml';

/** A value of a template with CloudFormation's short tags written out: `!Ref X` is `{ Ref: 'X' }`. */
export type TemplateValue =
  | string
  | number
  | boolean
  | null
  | readonly TemplateValue[]
  | { readonly [key: string]: TemplateValue };

export type TemplateRecord = { readonly [key: string]: TemplateValue };

/** Parses a template. Throws on anything that YAML itself does not allow. */
export function parseTemplate(text: string): TemplateRecord {
  // Unknown tags are only warnings, and stay on their nodes.
  const document = parseDocument(text, { logLevel: 'silent' });
  const [error] = document.errors;
  if (error) throw error;
  return asRecord(plain(document.contents));
}

function plain(node: unknown): TemplateValue {
  if (node === null || node === undefined) return null;
  if (isMap(node)) {
    const entries = node.items.map(({ key, value }) => {
      const name: unknown = isScalar(key) ? key.value : key;
      return [String(name), plain(value)] as const;
    });
    return tagged(node, Object.fromEntries(entries));
  }
  if (isSeq(node)) return tagged(node, node.items.map(plain));
  if (isScalar(node)) return tagged(node, node.value as TemplateValue);
  throw new TypeError('a YAML node that templates do not use');
}

function tagged({ tag }: Node, value: TemplateValue): TemplateValue {
  if (!tag?.startsWith('!') || tag === '!') return value;
  const name = tag.slice(1);
  if (name === 'Ref' || name === 'Condition') return { [name]: value };
  if (name === 'GetAtt' && typeof value === 'string') {
    const [resource = '', ...attribute] = value.split('.');
    return { 'Fn::GetAtt': [resource, attribute.join('.')] };
  }
  return { [`Fn::${name}`]: value };
}

export function asRecord(value: TemplateValue | undefined): TemplateRecord {
  if (typeof value !== 'object' || value === null || isList(value)) {
    throw new TypeError(`not a map: ${JSON.stringify(value)}`);
  }
  return value;
}

export function asList(value: TemplateValue | undefined): readonly TemplateValue[] {
  if (!isList(value)) throw new TypeError(`not a list: ${JSON.stringify(value)}`);
  return value;
}

/** A text, number or truth value, as CloudFormation would write it. */
export function asText(value: TemplateValue | undefined): string {
  if (typeof value === 'object' || value === undefined)
    throw new TypeError(`no text: ${JSON.stringify(value)}`);
  return String(value);
}

export const isList = (value: TemplateValue | undefined): value is readonly TemplateValue[] =>
  Array.isArray(value);

/** The value at a path of names. */
export function at(value: TemplateValue, ...path: readonly string[]): TemplateValue {
  let current = value;
  for (const name of path) {
    const next = asRecord(current)[name];
    if (next === undefined) throw new TypeError(`no ${name} in ${path.join('.')}`);
    current = next;
  }
  return current;
}
