import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClock } from '../../infra/local/clock.ts';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import { createWorld } from '../../infra/local/simulated-world.ts';
import { type Ended, kmsRunaway } from '../support/a-cli.ts';
import { aBrowser, hasBrowser } from './a-browser.ts';
import { drawnFigures, openReport, overflow, SCREENS, THEMES, type Theme, violations } from './a-report.ts';

const HOUR = 3600;

/** Ten keys, one of which has run away for two hours. */
function anAccount(now: number) {
  const storm = {
    keyAlias: 'alias/lake-etl',
    operation: 'Decrypt',
    from: now - 2 * HOUR,
    to: now + 24 * HOUR,
    requestsPerSecond: 140,
  };
  return createWorld({ startsAt: now, keys: 10, runaways: [storm] });
}

const COMMANDS = {
  check: ['check'],
  explain: ['explain', 'alias/lake-etl'],
  diagnose: ['diagnose', 'alias/lake-etl'],
} as const satisfies Record<string, readonly string[]>;
type Command = keyof typeof COMMANDS;
const NAMES = Object.keys(COMMANDS) as Command[];

describe.runIf(hasBrowser())('the pages of an account', () => {
  let folder: string;
  let browser: Browser;
  let aws: LocalAws;
  const ended = new Map<Command, Ended>();

  const fileOf = (command: Command) => join(folder, `${command}.html`);
  const open = (command: Command, theme?: Theme, width?: number) =>
    openReport(browser, fileOf(command), theme, width);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'report-'));
    const clock = createClock();
    aws = await startLocalAws({ clock, world: anAccount(Math.floor(clock.now())) });
    for (const command of NAMES)
      ended.set(
        command,
        await kmsRunaway.with(aws.environment)(...COMMANDS[command], '--html', fileOf(command)),
      );
    browser = await aBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await aws?.close();
    await rm(folder, { recursive: true });
  });

  it.each(NAMES)('%s opens without an error and without a request', async (command) => {
    const { page, faults } = await open(command);
    await drawnFigures(page);

    expect(ended.get(command)?.code).toBe(command === 'check' ? 2 : 0);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('check draws what runs away first, red in its band, and leads there from the incident', async () => {
    const { page } = await open('check');

    const [first, ...others] = await drawnFigures(page);
    expect(await first?.locator('figcaption').textContent()).toContain('lake-etl: Decrypt');
    expect(Number(await first?.getAttribute('data-red'))).toBeGreaterThan(20);
    expect(others).toHaveLength(6);
    for (const other of others) {
      expect(Number(await other.getAttribute('data-band'))).toBeGreaterThan(50);
      expect(await other.getAttribute('data-red')).toBe('0');
    }
    await page.getByRole('region', { name: 'Incidents' }).getByRole('link').press('Enter');
    expect(await page.locator('figure:target').count()).toBe(1);
    expect(await page.locator('.facts').first().textContent()).toMatch(/costs about \$[\d.]+ a month/);
    await page.close();
  });

  it('shows the same charts without scripts, and names them', async () => {
    const context = await browser.newContext({
      javaScriptEnabled: false,
      viewport: { width: 390, height: 900 },
    });
    const page = await context.newPage();
    await page.goto(pathToFileURL(fileOf('check')).href);

    const still = page.locator('figure .band-chart');
    expect(await still.count()).toBe(7);
    expect(await still.first().locator('title').textContent()).toBe('lake-etl: Decrypt');
    expect(await still.first().locator('path.red').boundingBox()).toMatchObject({
      height: expect.any(Number),
    });
    expect(await still.locator('path.band').count()).toBe(7);
    expect(await still.locator('path.red').count()).toBe(1);
    expect(await page.locator('.plot').first().isVisible()).toBe(false);
    await context.close();
  });

  it('explain shows each operation with its conditions, and the same time of eight weeks as bars', async () => {
    const { page } = await open('explain');

    const verdicts = await page.locator('.lead b').allTextContents();
    const weeks = page.getByRole('region', { name: 'The weeks before: lake-etl: Decrypt' });
    const widths = await weeks
      .locator('.bar rect')
      .evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect().width));

    expect(verdicts).toEqual(['Told', 'Not told']);
    expect(widths).toHaveLength(9);
    expect(Math.max(...widths.slice(1))).toBeLessThan((widths[0] ?? 0) / 2);
    expect(await weeks.locator('.bar .mark').count()).toBe(9);
    expect(
      await page.getByRole('region', { name: 'Conditions: lake-etl: Decrypt' }).locator('tbody tr').count(),
    ).toBeGreaterThanOrEqual(4);
    await page.close();
  });

  it('diagnose tells callers with what the sample leaves open, the cause, the fix and the quota', async () => {
    const { page } = await open('diagnose');

    const callers = page.getByRole('region', { name: 'Callers: lake-etl' }).locator('tbody tr');
    expect(await callers.first().textContent()).toMatch(/^role\/lake-etl-job via s3\d\d%\d\d% and \d\d%\d+$/);
    expect(await callers.first().locator('.bar .error').count()).toBe(3);
    expect(await page.locator('dt').allTextContents()).toEqual(['Cause', 'Fix', 'Saves', 'Source']);
    expect(await page.locator('pre').textContent()).toMatch(/^aws s3api put-bucket-encryption /);
    expect(
      await page.getByRole('region', { name: 'Quota: lake-etl' }).locator('tbody').textContent(),
    ).toMatch(/^symmetric20,000/);
    await page.close();
  });

  it.each(NAMES.flatMap((name) => THEMES.map((theme) => [name, theme] as const)))(
    '%s has nothing that axe objects to in the %s theme',
    async (command, theme) => {
      const { page } = await open(command, theme);
      await drawnFigures(page);

      expect(await violations(page)).toEqual([]);
      await page.close();
    },
  );

  it.each(NAMES.flatMap((name) => SCREENS.map((screen) => [name, ...screen] as const)))(
    '%s fits a screen in the %s theme at %i pixels',
    async (command, theme, width) => {
      const { page } = await open(command, theme, width);
      await drawnFigures(page);

      expect(await overflow(page, `${command}-${theme}-${width}`)).toBe(0);
      await page.close();
    },
  );
});
