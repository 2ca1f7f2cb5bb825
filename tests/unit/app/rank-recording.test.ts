import { describe, expect, it } from 'vitest';
import { rankRecording } from '../../../shared/app/rank-recording.ts';
import { defaultQuota } from '../../../shared/domain/assess/quota.ts';
import { BINS_PER_WEEK } from '../../../shared/domain/usage/time.ts';
import { aKeyArn } from '../../support/keys.ts';

const START = 12_000;
const END = START + 2 * BINS_PER_WEEK;

/** Two weeks of one request a bin, and a key that began to be used in the last hour. */
const recording = {
  series: [
    {
      id: { keyArn: aKeyArn(1), operation: 'Decrypt' },
      usage: { startBin: START, requests: new Float64Array(2 * BINS_PER_WEEK).fill(1) },
    },
    {
      id: { keyArn: aKeyArn(2), operation: 'Decrypt' },
      usage: { startBin: END - 12, requests: new Float64Array(12).fill(1000) },
    },
  ],
  startBin: START,
  endBin: END,
  rows: 0,
};

const ranked = (fromBin: number) =>
  rankRecording(recording, {
    directory: { keys: new Map() },
    quota: (group) => defaultQuota(group, 'eu-central-1'),
    fromBin,
    limit: 9,
  }).keys.map(({ keyArn, requests, weekBefore, complete }) => ({ keyArn, requests, weekBefore, complete }));

describe('ranking a recording', () => {
  it('counts what is judged, against the same time a week before; a key not used yet made no requests', () => {
    expect(ranked(END - BINS_PER_WEEK)).toEqual([
      { keyArn: aKeyArn(2), requests: 12_000, weekBefore: 0, complete: true },
      { keyArn: aKeyArn(1), requests: BINS_PER_WEEK, weekBefore: BINS_PER_WEEK, complete: true },
    ]);
  });

  it('has no week before that was not recorded', () => {
    expect(ranked(START + 1).map(({ weekBefore }) => weekBefore)).toEqual([null, null]);
  });
});
