import type { Message, MessageOrigin } from '../domain/incident/message.ts';
import type { Command } from './commands.ts';
import type { Link } from './console-links.ts';
import { groupStory } from './group-story.ts';
import { incidentStory } from './incident-story.ts';
import { noticeStory } from './notice-story.ts';
import { plain } from './text.ts';
import { datedMomentText } from './time.ts';

/** A few words and what they name. */
export interface Figure {
  readonly label: string;
  readonly text: string;
}

/** One key of several. */
export interface StoryItem {
  readonly title: string;
  readonly lines: readonly string[];
  readonly links: readonly Link[];
}

/**
 * A message in plain words, before any receiver has laid it out. All text from the account has gone through `plain`:
 * it is one line, bounded and visible. Receivers only escape and arrange.
 */
export interface Story {
  /** What happened, most important first. */
  readonly lead: readonly string[];
  /** Requests over time in block characters, and what they show. */
  readonly chart?: { readonly bars: string; readonly caption: string };
  /** Money, quota, limits. */
  readonly figures: readonly Figure[];
  /** Single keys of a grouped message. */
  readonly items: readonly StoryItem[];
  /** What was assumed and what is not known. */
  readonly notes: readonly Figure[];
  /** The key in full; undefined where several or none are meant. */
  readonly keyArn?: string;
  readonly links: readonly Link[];
  /** Lines to paste into a shell. */
  readonly commands: readonly Command[];
  /** Which message this is, and of when. */
  readonly footer: readonly string[];
}

/** What a message says, for every receiver alike. */
export function storyOf(message: Message): Story {
  switch (message.kind) {
    case 'incident':
      return incidentStory(message, message.origin);
    case 'group':
      return groupStory(message.items, message.origin, message.at, message.budget);
    case 'notice':
      return noticeStory(message.notice, message.origin);
    case 'drill':
      return drillStory(message.id, message.at, message.origin);
    default:
      return message satisfies never;
  }
}

const drillStory = (id: string, at: number, origin: MessageOrigin): Story => ({
  lead: [
    'This is a drill: somebody asked the detector for a test message, and it has arrived.',
    'No key is in trouble. There is nothing to do.',
  ],
  figures: [],
  items: [],
  notes: [],
  links: [],
  commands: [],
  footer: [`Drill ${plain(id, 64)}`, datedMomentText(at, origin.timeZone)],
});
