import { describe, expect, it } from 'vitest';
import { reasonText } from '../../../shared/render/incident-reason.ts';

const openedAt = '2026-11-18T12:10:00Z';
const reason =
  'the last 60 minutes hold 552,360 requests; no hour of the last six weeks held more than 10,315';
const held = reason.replace('hold', 'held');

describe('the reason of an incident', () => {
  it.each([
    ['opened', `when it opened (12:10 UTC): ${held}.`],
    ['escalated', `when it last got worse: ${held}.`],
    ['updated', `when it had lasted two days: ${held}.`],
    ['resolved', `when it ended: ${held}.`],
  ] as const)('is that of the moment when it %s', (event, text) => {
    expect(reasonText({ reason, event, openedAt })).toBe(text);
  });

  it('is left as it is where it names no window, and out where nothing happened', () => {
    const limit = 'over the fixed limit nightly';

    expect(reasonText({ reason: limit, event: 'escalated', openedAt })).toBe(
      `when it last got worse: ${limit}.`,
    );
    expect(reasonText({ reason: '', openedAt })).toBeUndefined();
  });
});
