import { describe, expect, it } from 'vitest';
import { asTable } from '../../../cli/top/as-table.ts';
import type { TopReport } from '../../../shared/app/top.ts';
import { defaultQuota } from '../../../shared/domain/assess/quota.ts';
import { rankKeys } from '../../../shared/domain/top.ts';
import { aKeyArn } from '../../support/keys.ts';

const HOUR_OF_BINS = 12;

const aReport = (requestsPerBin: number, weekBefore: number): TopReport => {
  const series = ['Decrypt', 'GenerateDataKey'].map((operation) => ({
    id: { keyArn: aKeyArn(1), operation },
    requests: new Float64Array(2 * HOUR_OF_BINS).fill(requestsPerBin),
    weekBefore,
  }));
  const use = {
    series,
    directory: {
      keys: new Map([[aKeyArn(1), { keyArn: aKeyArn(1), aliases: ['alias/lake-etl-of-the-year'] }]]),
    },
    periodSeconds: 300,
    seconds: 7200,
    quota: (group: Parameters<typeof defaultQuota>[0]) => defaultQuota(group, 'eu-central-1'),
    quotaCalls: undefined,
  };
  return {
    ...rankKeys(use, 'cost', 20),
    region: 'eu-central-1',
    by: 'cost',
    from: '2026-11-25T00:00:00Z',
    to: '2026-11-25T02:00:00Z',
    periodSeconds: 300,
    series: 2,
    notRead: { count: 0, examples: [] },
    notes: [],
    metricsRequested: 4,
  };
};

const headAt = (width: number): string =>
  asTable(aReport(5000, 0), width)
    .split('\n')
    .find((line) => line.includes(' requests ') && line.includes('key  ')) ?? '';

const shouting = {
  alarming: (text: string) => `!${text}!`,
  notable: (text: string) => `*${text}*`,
  faint: (text: string) => text,
};

describe('the ranking on a screen', () => {
  it('loses columns in a sensible order as the screen gets narrower, and never the money of a month', () => {
    const heads = [150, 120, 100, 84, 72, 54, 40].map((width) =>
      headAt(width)
        .trim()
        .replace(/\s{2,}/g, '|'),
    );

    expect(heads).toEqual([
      'key|requests|of cost|cost|a month|quota, peak|trend|use|operations',
      'key|requests|of cost|cost|a month|quota, peak|trend|use|operations',
      'key|requests|of cost|cost|a month|quota, peak|trend|operations',
      'key|requests|of cost|cost|a month|quota, peak|trend',
      'key|requests|of cost|cost|a month',
      'key|requests|of cost|a month',
      'key|requests|a month',
    ]);
  });

  it.each([150, 120, 100, 84, 72, 60, 40])('fits %d columns', (width) => {
    const lines = asTable(aReport(5000, 0), width).split('\n');

    expect(lines.filter((line) => line.length > width)).toEqual([]);
  });

  it('says why it looks back less far than it was asked to', () => {
    const [asked, more] = [7200, 7800].map((seconds) => asTable(aReport(5000, 0), 200, undefined, seconds));

    expect(asked).toMatch(/^eu-central-1, 00:00-02:00 UTC \(2 h\): /);
    expect(more).toMatch(/^eu-central-1, .* UTC \(2 h, as the newest minutes are not final yet\): /);
  });

  it('lets stand out what fills the quota or has doubled in a week, in place', () => {
    const loud = asTable(aReport(2_000_000, 20_000_000), 150, shouting);
    const calm = asTable(aReport(2000, 40_000), 150, shouting);

    expect(loud).toMatch(/ !67%, 67%! +\*2\.4x\* /);
    expect(loud.replaceAll(/[!*]/g, '')).toBe(asTable(aReport(2_000_000, 20_000_000), 150));
    expect(calm).not.toMatch(/[!*]/);
  });
});
