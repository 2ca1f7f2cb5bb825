import type { DoctorReport, PermissionFinding } from './finding.ts';

/** A kind of thing that must not be shared, and what stands for it. */
interface Kind {
  readonly stem: string;
  readonly pattern: RegExp;
}

const ARN = /\barn:[\w-]+:([\w-]*):[\w-]*:(\d*):([^\s"'`,;()[\]{}<>]+)/g;

/** From what holds others to what is held: a URL may hold an ARN, an ARN an account. */
const KINDS: readonly Kind[] = [
  { stem: 'url', pattern: /\b\w+:\/\/[^\s"'`<>]+/g },
  { stem: 'arn', pattern: ARN },
  { stem: 'email', pattern: /[\w.+-]+@[\w-]+(\.[\w-]+)+/g },
  { stem: 'alias', pattern: /\balias\/[\w/:.-]+/g },
  { stem: 'credential', pattern: /\b((AKIA|ASIA|AIDA|AROA)[A-Z0-9]{12,}|xox[a-z]-[\w-]+)/g },
  { stem: 'id', pattern: /\b([0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}|mrk-[0-9a-f]{32})\b/gi },
  { stem: 'credential', pattern: /\b(?=[A-Za-z]*\d)[A-Za-z0-9+/_=]{24,}/g },
  { stem: 'account', pattern: /(?<![\d.,])\d{12}(?![\d.,]*\d)/g },
  {
    stem: 'address',
    pattern: /\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b|(?<![\w:])([0-9a-f]{1,4}:){2,7}:?[0-9a-f]{1,4}\b/gi,
  },
  { stem: 'host', pattern: /\b(?![\w.-]*\bamazonaws\.com\b)[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}\b/gi },
];

/** Words of ARNs that name nobody. */
const COMMON = new Set(
  'assumed-role role user federated-user root key alias secret function table topic log-group stateMachine event-bus index'.split(
    ' ',
  ),
);

/** A shorter word would be found everywhere, and says nothing by itself. */
const MIN_WORD = 3;

const PSEUDONYM = /\b(url|arn|email|alias|credential|id|account|address|host|name)-\d+\b/g;

/**
 * A report that may be shown to strangers: every account, key, alias, ARN, principal, topic, address and credential in
 * its texts is replaced by a name such as `account-1`, the same thing by the same name throughout one report. Counts,
 * times, verdicts and the Region stay. `names` are what else must not be shared, such as the account's own name. Throws
 * a RedactionError rather than leave one of them.
 */
export function redacted(report: DoctorReport, names: readonly string[] = []): DoctorReport {
  const clean = redactor(textsOf(report), names);
  return {
    ...report,
    findings: report.findings.map((one) => ({ ...one, evidence: clean(one.evidence) })),
    permissions: report.permissions.map((one) => cleanPermission(one, clean)),
    receivers: report.receivers.map((one) => ({ ...one, evidence: clean(one.evidence) })),
    clock: { ...report.clock, evidence: clean(report.clock.evidence) },
  };
}

/** What AWS and the account have a say in; all else is this program's own words. */
const textsOf = ({ findings, permissions, receivers, clock }: DoctorReport): string[] => [
  ...findings.map(({ evidence }) => evidence),
  ...permissions.flatMap(({ evidence, statement }) => [evidence, statement?.Resource ?? '']),
  ...receivers.map(({ evidence }) => evidence),
  clock.evidence,
];

const cleanPermission = (
  { statement, ...finding }: PermissionFinding,
  clean: (text: string) => string,
): PermissionFinding => ({
  ...finding,
  evidence: clean(finding.evidence),
  ...(statement ? { statement: { ...statement, Resource: clean(statement.Resource) } } : {}),
});

/** Replaces what is in any of these texts, in each of them. */
export function redactor(texts: readonly string[], names: readonly string[] = []): (text: string) => string {
  const known = new Map<string, string>();
  const counts = new Map<string, number>();
  const pseudonymOf = (found: string, stem: string): string => {
    const before = known.get(found);
    if (before !== undefined) return before;
    const count = (counts.get(stem) ?? 0) + 1;
    counts.set(stem, count);
    known.set(found, `${stem}-${count}`);
    return `${stem}-${count}`;
  };
  for (const name of [...names, ...texts.flatMap(wordsOfArns)]) {
    if (name.length >= MIN_WORD && !KINDS.some(({ pattern }) => isWhole(pattern, name)))
      pseudonymOf(name, 'name');
  }
  const words = [...known.keys()].toSorted((a, b) => b.length - a.length);

  return (text) => {
    const patterned = KINDS.reduce(
      (rest, { stem, pattern }) => outsidePseudonyms(rest, pattern, (found) => pseudonymOf(found, stem)),
      text,
    );
    const clean = words.reduce(
      (rest, word) => outsidePseudonyms(rest, wordPattern(word), () => known.get(word) ?? ''),
      patterned,
    );
    const left = clean.replaceAll(PSEUDONYM, '');
    if (
      KINDS.some(({ pattern }) => left.search(pattern) >= 0) ||
      words.some((word) => left.search(wordPattern(word)) >= 0)
    )
      throw new RedactionError();
    return clean;
  };
}

/** Names within ARNs: roles, sessions, topics, tables, which texts also mention alone. */
const wordsOfArns = (text: string): string[] =>
  [...text.matchAll(ARN)].flatMap(([, , , resource = '']) =>
    resource.split(/[/:=@+.]/).filter((word) => word.length >= MIN_WORD && !COMMON.has(word)),
  );

const isWhole = (pattern: RegExp, text: string): boolean =>
  [...text.matchAll(pattern)].some(([all]) => all === text);

const wordPattern = (word: string): RegExp =>
  new RegExp(`(?<![\\w-])${word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`, 'g');

/** Replaces in the text between pseudonyms: none is taken for a name itself. */
function outsidePseudonyms(text: string, pattern: RegExp, replace: (found: string) => string): string {
  let from = 0;
  let out = '';
  for (const { 0: pseudonym, index } of text.matchAll(PSEUDONYM)) {
    out += text.slice(from, index).replaceAll(pattern, replace) + pseudonym;
    from = index + pseudonym.length;
  }
  return out + text.slice(from).replaceAll(pattern, replace);
}

/** Something would have been shared that must not be: nothing is written. */
export class RedactionError extends Error {
  override name = 'RedactionError' as const;

  constructor() {
    super('the report cannot be redacted: an id or a name would be left in it; nothing was written');
  }
}
