import {
  attentionsOf,
  type DoctorReport,
  type Finding,
  type PermissionFinding,
  type Verdict,
} from '../domain/doctor/finding.ts';
import { count } from '../domain/number.ts';
import { plain, wrap } from './text.ts';

/** Longest text of AWS or the account that is printed. */
const MAX_EVIDENCE = 400;

const VERDICTS: readonly (readonly [verdict: Verdict, words: string])[] = [
  ['differs', 'differs'],
  ['unknown', 'unknown'],
  ['asAssumed', 'as assumed'],
];

/** What AWS or the account said, as the end of a sentence. */
const textOf = (evidence: string): string => plain(evidence, MAX_EVIDENCE).replace(/\.+$/, '');

/** What a doctor found, for people: what needs attention stands before what is fine. */
export function doctorText(report: DoctorReport, width: number): string {
  const sections = [
    headline(report),
    section('What AWS does', byVerdict(report.findings).map(findingText)),
    section('Permissions', permissionTexts(report.permissions)),
    section('Receivers', receiverTexts(report)),
    section('Quotas and clock', [...quotaTexts(report), clockText(report)]),
    costText(report),
  ];
  return `${sections.map((lines) => lines.map((line) => folded(line, width)).join('\n')).join('\n\n')}\n`;
}

function headline(report: DoctorReport): string[] {
  const counts = VERDICTS.map(([verdict, words]) => {
    return `${report.findings.filter((one) => one.verdict === verdict).length} ${words}`;
  });
  const attentions = attentionsOf(report);
  const todo = attentions === 0 ? 'nothing needs attention' : `${attentions} to look at, marked !`;
  return [
    `${report.region}, ${report.asOf}: ${report.findings.length} questions: ${counts.join(', ')}; ${todo}.`,
  ];
}

const section = (title: string, lines: readonly string[]): string[] => [title, ...lines];

const byVerdict = (findings: readonly Finding[]): readonly Finding[] =>
  VERDICTS.flatMap(([verdict]) => findings.filter((one) => one.verdict === verdict));

function findingText({ verdict, question, assumed, evidence, consequence }: Finding): string {
  const words = VERDICTS.find(([name]) => name === verdict)?.[1] ?? verdict;
  const found = textOf(evidence);
  switch (verdict) {
    case 'differs':
      return line(
        '!',
        words,
        `${question} Assumed: ${assumed}. Found: ${found}. So: ${consequence ?? 'unknown'}.`,
      );
    case 'unknown':
      return line(' ', words, `${question} Assumed: ${assumed}. Not told: ${found}.`);
    case 'asAssumed':
      return line(' ', words, `${question} ${found.charAt(0).toUpperCase()}${found.slice(1)}.`);
    default:
      return verdict satisfies never;
  }
}

function permissionTexts(permissions: readonly PermissionFinding[]): string[] {
  const allowed = permissions.filter(({ verdict }) => verdict === 'allowed').map(({ action }) => action);
  const others = permissions.filter(({ verdict }) => verdict !== 'allowed');
  return [
    ...others.map(({ verdict, action, evidence, statement }) => {
      const add = statement ? ` Add: ${JSON.stringify(statement)}` : '';
      return line(verdict === 'denied' ? '!' : ' ', verdict, `${action}: ${textOf(evidence)}.${add}`);
    }),
    ...(allowed.length > 0 ? [line(' ', 'allowed', allowed.join(', '))] : []),
  ];
}

const receiverTexts = ({ receivers }: DoctorReport): string[] =>
  receivers.length === 0
    ? [line(' ', 'none', 'no receiver is known here; the deployed detector knows its own')]
    : receivers.map(({ receiver, verdict, evidence }) => {
        const words = { ready: 'ready', notReady: 'not ready', unknown: 'unknown' }[verdict];
        return line(
          verdict === 'notReady' ? '!' : ' ',
          words,
          `${receiver}: ${plain(evidence, MAX_EVIDENCE)}`,
        );
      });

function quotaTexts({ quotas }: DoctorReport): string[] {
  const listOf = (assumed: boolean): string =>
    quotas
      .filter((quota) => quota.assumed === assumed)
      .map(({ group, perSecond }) => `${group} ${count(perSecond)}/s`)
      .join(', ');
  const [applied, documented] = [listOf(false), listOf(true)];
  return [
    ...(applied ? [line(' ', 'applied', applied)] : []),
    ...(documented ? [line(' ', 'default', `${documented}: the documented value, none was found here`)] : []),
  ];
}

const clockText = ({ clock }: DoctorReport): string =>
  line(clock.verdict === 'wrong' ? '!' : ' ', 'clock', clock.evidence);

function costText({ cost: { calls, metricsRequested, usd, seconds } }: DoctorReport): string[] {
  const total = Object.values(calls).reduce((sum, made) => sum + made, 0);
  return [
    `It took ${seconds} s, ${total} calls that only read, and ${metricsRequested} metrics, which cost ${usd < 0.01 ? 'less than $0.01' : `$${usd.toFixed(2)}`}.`,
  ];
}

const MARK = 2;
const WORDS = 12;

const line = (mark: string, words: string, text: string): string =>
  `${mark.padEnd(MARK)}${words.padEnd(WORDS)}${text}`;

/** Text that goes on below itself. */
function folded(text: string, width: number): string {
  const head = text.slice(0, MARK + WORDS);
  if (!/^[! ] \S/.test(head)) return wrap(text, width);
  const indent = ' '.repeat(MARK + WORDS);
  return (
    head +
    wrap(text.slice(MARK + WORDS), Math.max(40, width - indent.length), '').replaceAll('\n', `\n${indent}`)
  );
}
