import type { Input } from './service.ts';

/**
 * The AWS Query protocol: requests are forms with flattened names (`MetricData.member.1.Value=3`), answers are XML
 * (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html).
 */

type Tree = Map<string, Tree | string>;

/** Parameters of a form body: lists from `member.N`, maps from `entry.N.Name|key` and `entry.N.Value|value`. */
export function decodeForm(body: string): Input {
  const root: Tree = new Map();
  for (const [name, value] of new URLSearchParams(body)) {
    if (name === 'Action' || name === 'Version') continue;
    insert(root, name.split('.'), value);
  }
  const input = toValue(root);
  return typeof input === 'object' && input !== null ? (input as Input) : {};
}

/** Action and version of a form body, without decoding the rest. */
export function formAction(body: string): { action: string | undefined; version: string | undefined } {
  const form = new URLSearchParams(body);
  return { action: form.get('Action') ?? undefined, version: form.get('Version') ?? undefined };
}

/** The XML answer to an action. */
export function encodeXml(action: string, namespace: string, result: unknown, requestId: string): string {
  const content = result === undefined ? '' : element(`${action}Result`, result);
  return `<${action}Response xmlns="${namespace}">${content}<ResponseMetadata>${element('RequestId', requestId)}</ResponseMetadata></${action}Response>`;
}

/** The XML answer of a failed action. */
export function encodeXmlError(
  namespace: string,
  error: { readonly code: string; readonly message: string; readonly status: number },
  requestId: string,
): string {
  const type = error.status < 500 ? 'Sender' : 'Receiver';
  const detail = element('Error', { Type: type, Code: error.code, Message: error.message });
  return `<ErrorResponse xmlns="${namespace}">${detail}${element('RequestId', requestId)}</ErrorResponse>`;
}

function insert(tree: Tree, path: readonly string[], value: string): void {
  const [head = '', ...rest] = path;
  if (rest.length === 0) {
    tree.set(head, value);
    return;
  }
  const existing = tree.get(head);
  const child: Tree = existing instanceof Map ? existing : new Map();
  tree.set(head, child);
  insert(child, rest, value);
}

function toValue(tree: Tree | string): unknown {
  if (typeof tree === 'string') return tree;
  const members = onlyChild(tree, 'member');
  if (members) return numbered(members).map(toValue);
  const entries = onlyChild(tree, 'entry');
  if (entries) return Object.fromEntries(numbered(entries).map(toEntry));
  return Object.fromEntries([...tree].map(([name, child]) => [name, toValue(child)]));
}

function toEntry(entry: Tree | string): [string, unknown] {
  const tree: Tree = typeof entry === 'string' ? new Map() : entry;
  const name = tree.get('Name') ?? tree.get('key');
  const value = tree.get('Value') ?? tree.get('value') ?? '';
  return [typeof name === 'string' ? name : '', toValue(value)];
}

function onlyChild(tree: Tree, name: string): Tree | undefined {
  const child = tree.size === 1 ? tree.get(name) : undefined;
  return child instanceof Map ? child : undefined;
}

const numbered = (tree: Tree): (Tree | string)[] =>
  [...tree].sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child);

/** Members that hold times; the JSON protocol sends them as epoch seconds, XML as ISO 8601. */
const TIME_MEMBERS = new Set(['Timestamp', 'Timestamps']);

/** Members that are maps and not structures. */
const MAP_MEMBERS = new Set(['Attributes']);

function element(name: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  return `<${name}>${content(name, value)}</${name}>`;
}

function content(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => `<member>${content(name, item)}</member>`).join('');
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    if (MAP_MEMBERS.has(name)) {
      return entries
        .map(([key, item]) => `<entry>${element('key', key)}${element('value', item)}</entry>`)
        .join('');
    }
    return entries.map(([key, item]) => element(key, item)).join('');
  }
  if (typeof value === 'number' && TIME_MEMBERS.has(name)) return new Date(value * 1000).toISOString();
  return escapeXml(String(value));
}

const XML_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

const escapeXml = (text: string): string => text.replace(/[&<>"\r]/g, (char) => XML_ESCAPES[char] ?? char);
