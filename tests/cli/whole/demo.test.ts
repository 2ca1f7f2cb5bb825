import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, kmsRunaway } from '../../support/a-cli.ts';

describe('kms-runaway demo', () => {
  let folder: string;
  let ended: Ended;
  const left = (name: string) => readFile(join(folder, name), 'utf8');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'demo-'));
    ended = await kmsRunaway('demo', '--out', folder);
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('tells the whole story and ends by itself', () => {
    expect({ code: ended.code, err: ended.err }).toEqual({ code: 0, err: '' });
    const story = [
      'series learned from eight weeks',
      'WELCOME prod eu-central-1: watching 39 KMS keys',
      'READY prod eu-central-1',
      'all normal',
      'An analytics job',
      'NOTICE lake-etl',
      'PAGE lake-etl',
      'Somebody stops the job',
      'RESOLVED lake-etl',
    ];
    const places = story.map((line) => ended.out.indexOf(line));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
  });

  it('leaves what people got', async () => {
    const slack = JSON.parse(await left('slack.json')) as { text: string }[];

    expect(slack.map(({ text }) => text.split(':')[0])).toEqual([
      'WELCOME prod eu-central-1',
      'READY prod eu-central-1',
      'NOTICE lake-etl prod eu-central-1',
      'NOTICE lake-etl prod eu-central-1',
      'PAGE lake-etl prod eu-central-1',
      'RESOLVED lake-etl prod eu-central-1',
    ]);
    expect(slack[3]?.text).toMatch(/: called by role\/analytics-adhoc \(\d+%\), /);
    expect(JSON.parse(await left('pagerduty.json'))).toMatchObject([
      { event_action: 'trigger' },
      { event_action: 'resolve' },
    ]);
    expect(JSON.parse(await left('events.json'))).toHaveLength(6);
    expect(await left('messages.html')).toContain('role/analytics-adhoc');
    expect(JSON.parse(await left('run-report.json'))).toMatchObject({
      keys: 39,
      normal: 39,
      delivery: { pending: 0 },
    });
  });

  it('sends the alert that the README shows', async () => {
    const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
    const shown = readme.split('<!-- alert -->\n```text\n')[1]?.split('\n```')[0];

    expect(await left('email.txt')).toContain(shown);
  });
});
