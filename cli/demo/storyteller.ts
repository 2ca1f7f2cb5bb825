import { styleText } from 'node:util';
import type { LocalAws } from '../../infra/local/server.ts';
import type { RunReport } from '../../shared/domain/run-report.ts';
import { isoTime } from '../../shared/domain/usage/time.ts';
import type { Scene } from './scene.ts';
import { slackAsText } from './slack-as-text.ts';

/** Tells a play on the terminal: quiet stretches in a line, everything that people are sent in full. */
export interface Storyteller {
  begin(): void;
  run(report: RunReport): void;
  end(folder: string): void;
}

interface Quiet {
  from: string;
  checks: number;
  last: RunReport;
}

/** A storyteller for one scene. */
export function storyteller(aws: LocalAws, scene: Scene, out: NodeJS.WritableStream): Storyteller {
  const color = 'isTTY' in out && Boolean(out.isTTY) && !process.env['NO_COLOR'];
  const paint = (style: 'bold' | 'dim' | 'red' | 'green', text: string) =>
    color ? styleText(style, text) : text;
  const say = (text: string) => out.write(`${text}\n`);
  let slackTold = 0;
  let emailsTold = 0;
  let cuesTold = 0;
  let quiet: Quiet | undefined;

  const tellQuiet = () => {
    if (!quiet) return;
    const { from, checks, last } = quiet;
    const to = clockTime(last.asOf);
    const span = from === to ? from : `${from}-${to}`;
    say(`${paint('dim', span.padEnd(12))} ${checks === 1 ? 'check' : `${checks} checks`}: ${summary(last)}`);
    quiet = undefined;
  };

  const tellMessages = () => {
    for (; slackTold < aws.slack.inbox.length; slackTold++) {
      const message = aws.slack.inbox[slackTold];
      if (message) say(boxed('Slack', slackAsText(message.payload)));
    }
    for (; emailsTold < aws.sns.messages.length; emailsTold++) {
      const mail = aws.sns.messages[emailsTold];
      if (!mail) continue;
      const subject = mail.subject ?? '';
      if (REPORT.test(subject)) say(`    Email: the same in plain text, "${subject}"`);
      else say(boxed('Email', `Subject: ${subject}\n\n${mail.message}`));
    }
  };

  return {
    begin() {
      say(paint('bold', scene.title));
      say('Played through the built Lambda, on its schedule, over HTTP. All times are UTC.\n');
    },
    run(report) {
      const now = Date.parse(report.asOf) / 1000;
      for (let cue = scene.cues[cuesTold]; cue && cue.at <= now; cue = scene.cues[++cuesTold]) {
        tellQuiet();
        say(`${paint('dim', clockTime(isoTime(cue.at)).padEnd(12))} ${paint('bold', cue.text)}`);
      }
      const isNews = aws.slack.inbox.length > slackTold || aws.sns.messages.length > emailsTold;
      if (!isNews && report.backfill.done === 0) {
        if (quiet && summary(quiet.last) !== summary(report)) tellQuiet();
        quiet = quiet
          ? { ...quiet, checks: quiet.checks + 1, last: report }
          : { from: clockTime(report.asOf), checks: 1, last: report };
        return;
      }
      tellQuiet();
      say(`${paint('dim', clockTime(report.asOf).padEnd(12))} check: ${summary(report)}`);
      tellMessages();
    },
    end(folder) {
      tellQuiet();
      say(
        `\nWhat people got is in ${folder}/messages.html, email.txt, slack.json, pagerduty.json and events.json, the last answer in run-report.json.`,
      );
      say(
        'Next: play your own recording with `npm start -- --input FILE.csv`, or deploy with `npm run build && sam deploy --guided`.',
      );
    },
  };
}

/** Messages without an incident: once is enough to see them, the story is about the keys. */
const REPORT = /^(WELCOME|READY|DIGEST|WEEKLY) /;

const clockTime = (iso: string): string => iso.slice(11, 16);

function summary(report: RunReport): string {
  const parts = [`${report.keys} keys, ${report.series} series`];
  const { breaching, normal, backfill } = report;
  if (breaching > 0) parts.push(`${breaching} running away`);
  else if (normal === report.keys) parts.push('all normal');
  else parts.push(`${normal} normal`);
  for (const [reason, { count }] of Object.entries(report.insufficientData)) parts.push(`${count} ${reason}`);
  for (const [reason, { count }] of Object.entries(report.notChecked))
    parts.push(`${count} not checked (${reason})`);
  if (backfill.done > 0) parts.push(`${backfill.done} series learned from eight weeks of history`);
  return parts.join(', ');
}

function boxed(title: string, text: string): string {
  const lines = text.trimEnd().split('\n');
  return [
    `    ┌─ ${title} ${'─'.repeat(Math.max(0, 68 - title.length))}`,
    ...lines.map((line) => `    │ ${line}`),
    `    └${'─'.repeat(71)}`,
  ].join('\n');
}
