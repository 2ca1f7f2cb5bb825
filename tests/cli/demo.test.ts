import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kmsRunaway } from '../support/a-cli.ts';
import { aKeyArn } from '../support/keys.ts';

const START = Date.parse('2026-11-01T00:00:00Z') / 1000;
const BINS = 16 * 288;
const STORM = BINS - 6;

/** Sixteen days of one steady key that runs away in the last half an hour. */
const rows = Array.from({ length: BINS }, (_, i) => {
  const requests = i >= STORM ? 600_000 : 850 + (i % 11) * 10;
  return `${START + i * 300},${aKeyArn(1)},Decrypt,${requests}`;
});

/** `npm run test:cli` plays the whole day of the simulated account. */
describe('kms-runaway demo', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'demo-'));
    await writeFile(join(folder, 'use.csv'), ['timestamp,keyArn,operation,requests', ...rows, ''].join('\n'));
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('plays a recording, ends by itself and leaves what people got', async () => {
    const input = ['--input', join(folder, 'use.csv'), '--from', '2026-11-16T23:15:00Z'];
    const { code, out, err } = await kmsRunaway('demo', ...input, '--out', folder);

    expect({ code, err }).toEqual({ code: 0, err: '' });
    const story = ['WELCOME', 'READY', 'NOTICE', 'PAGE'];
    const places = story.map((word) => out.indexOf(word));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
    const slack = JSON.parse(await readFile(join(folder, 'slack.json'), 'utf8')) as { text: string }[];
    expect(slack.map(({ text }) => text.split(' ')[0])).toEqual(story);
    expect(await readFile(join(folder, 'messages.html'), 'utf8')).toContain('PAGE');
  });

  it('refuses a recording that is none', async () => {
    await writeFile(join(folder, 'none.csv'), 'From: detector\n');

    const { code, err } = await kmsRunaway('demo', '--input', join(folder, 'none.csv'));

    expect(code).toBe(64);
    expect(err).toContain('expected the header timestamp,keyArn,operation,requests');
  });
});
