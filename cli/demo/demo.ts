import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { installDetector, installReceivers } from '../../infra/local/install-detector.ts';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import type { RunReport } from '../../shared/domain/run-report.ts';
import { isoTime } from '../../shared/domain/usage/time.ts';
import { type GalleryEntry, galleryPage } from '../../shared/render/gallery.ts';
import { loadDetector } from '../lambda.ts';
import { readPolicy } from '../options.ts';
import { playSchedule } from './play.ts';
import { sceneOf } from './scene.ts';
import { storyteller } from './storyteller.ts';

/** What the command line says. */
export interface DemoOptions {
  readonly input?: string;
  readonly from?: string;
  readonly policy?: string;
  readonly out: string;
}

/** Plays a scene through the built Lambda against the embedded AWS and tells what happens as it happens. */
export async function demo(options: DemoOptions, out: NodeJS.WritableStream): Promise<void> {
  await readPolicy(options.policy);
  const scene = await sceneOf(options);
  const aws = await startLocalAws({ world: scene.world });
  try {
    aws.clock.set(scene.from);
    const { environment } = await installDetector(aws);
    const handler = await loadDetector({
      ...environment,
      ...installReceivers(aws),
      ...QUIET,
      ...scene.environment,
      ...policyOf(options),
    });
    const story = storyteller(aws, scene, out);
    story.begin();
    const last = await playSchedule({ aws, handler, from: scene.from, to: scene.to, onRun: story.run });
    await leave(options.out, aws, last);
    story.end(options.out);
  } finally {
    await aws.close();
  }
}

/** A policy of the user's own, checked before anything is played. */
const policyOf = ({ policy }: DemoOptions): Record<string, string> =>
  policy === undefined ? {} : { POLICY_FILE: resolve(policy) };

/** The story is told here; the function's own log lines would drown it. Faults are still logged. */
const QUIET = { LOG_LEVEL: 'ERROR', POWERTOOLS_LOG_LEVEL: 'ERROR', POWERTOOLS_METRICS_DISABLED: 'true' };

/** What people got, and what the function answered last, as files to look at. */
async function leave(folder: string, aws: LocalAws, report: RunReport | undefined): Promise<void> {
  await mkdir(folder, { recursive: true });
  const emails = aws.sns.messages.map(({ subject, message, at }) => {
    return `Date: ${new Date(at * 1000).toUTCString()}\nSubject: ${subject ?? ''}\n\n${message}\n`;
  });
  await writeFile(join(folder, 'slack.json'), json(aws.slack.inbox.map(({ payload }) => payload)));
  await writeFile(
    join(folder, 'pagerduty.json'),
    json(aws.pagerduty.inbox.map(({ action, event }) => ({ event_action: action, ...event }))),
  );
  await writeFile(join(folder, 'events.json'), json(aws.events.inbox.map(({ detail }) => detail)));
  await writeFile(join(folder, 'messages.html'), galleryPage('What people got', entriesOf(aws)));
  await writeFile(join(folder, 'email.txt'), emails.join(`\n${'='.repeat(72)}\n\n`));
  await writeFile(join(folder, 'run-report.json'), json(report ?? null));
}

/** Each message as Slack and email got it at the same moment, oldest first. */
function entriesOf({ slack, sns }: LocalAws): GalleryEntry[] {
  return sns.messages.map(({ subject = '', message, at }) => {
    const posted = slack.inbox.find((post) => post.at === at && post.text === subject);
    return {
      title: `${isoTime(at).slice(11, 16)} UTC`,
      ...(posted ? { slack: posted.payload } : {}),
      email: { subject, text: message },
    };
  });
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
