import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kmsRunaway } from '../support/a-cli.ts';
import { aBrowser, hasBrowser } from './a-browser.ts';
import { aRecording } from './a-recording.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** Where the screenshots go, for somebody to look at. */
const PICTURES = join(tmpdir(), 'kms-runaway-report');
const THEMES = ['light', 'dark'] as const;

describe.runIf(hasBrowser())('the page of a backtest', () => {
  let folder: string;
  let url: string;
  let browser: Browser;
  let axeSource: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'report-'));
    await mkdir(PICTURES, { recursive: true });
    await writeFile(join(folder, 'use.csv'), aRecording());
    const page = join(folder, 'report.html');
    const { code, err } = await kmsRunaway('backtest', '--input', join(folder, 'use.csv'), '--html', page);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    url = pathToFileURL(page).href;
    axeSource = await readFile(AXE, 'utf8');
    browser = await aBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true });
  });

  /** Opens the page and collects what goes wrong in it. */
  async function open(theme: (typeof THEMES)[number] = 'light', width = 1280) {
    const page = await browser.newPage({ colorScheme: theme, viewport: { width, height: 900 } });
    page.setDefaultTimeout(10_000);
    const faults: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) faults.push(message.text());
    });
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) faults.push(`asked for ${request.url()}`);
    });
    await page.goto(url);
    return { page, faults };
  }

  /** Scrolls past every chart, which draws it. */
  async function drawnFigures(page: Page) {
    const figures = await page.locator('figure').all();
    expect(figures).toHaveLength(3);
    for (const figure of figures) {
      await figure.scrollIntoViewIfNeeded();
      await figure.locator('canvas').waitFor();
    }
    return figures;
  }

  it('draws the band of every series, and red where one ran away, without an error or a request', async () => {
    const { page, faults } = await open();

    for (const figure of await drawnFigures(page))
      expect(Number(await figure.getAttribute('data-band'))).toBeGreaterThan(50);
    const red = await page
      .locator('figure')
      .evaluateAll((all) => all.map((one) => Number(one.getAttribute('data-red'))));

    expect(red.filter((points) => points >= 36)).toHaveLength(2);
    expect(red.at(-1)).toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('sorts a table by keyboard, and says in which order', async () => {
    const { page } = await open();
    const table = page.locator('table').first();
    const costs = () =>
      table
        .locator('tbody td:nth-child(5)')
        .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('data-v'))));
    const head = table.getByRole('button', { name: 'extra cost' });

    await head.focus();
    await page.keyboard.press('Enter');
    const up = await costs();
    expect(await table.locator('th').nth(4).getAttribute('aria-sort')).toBe('ascending');
    await page.keyboard.press('Enter');
    const down = await costs();

    expect(up.length).toBeGreaterThan(1);
    expect(up).toEqual(up.toSorted((a, b) => a - b));
    expect(down).toEqual(up.toReversed());
    await page.close();
  });

  it('zooms by keyboard, says what is shown, and tells the values at the cursor', async () => {
    const { page } = await open();
    const [figure] = await drawnFigures(page);
    const shown = () => figure?.locator('output').textContent();
    const all = await shown();

    await figure?.getByRole('button', { name: 'Zoom in' }).press('Enter');
    expect(await shown()).not.toBe(all);
    await figure?.getByRole('button', { name: 'All' }).press('Enter');
    expect(await shown()).toBe(all);
    await figure?.locator('.u-over').hover();

    expect(await figure?.locator('.tip').textContent()).toMatch(
      /^2026-09-\d\d \d\d:\d\d UTC\nrequests {2}[\d,]+\nusual /,
    );
    await page.close();
  });

  it('leads from an incident to its chart, whose values can be read as a table', async () => {
    const { page } = await open();

    await page.getByRole('region', { name: 'Incidents' }).getByRole('link').first().press('Enter');
    const chart = page.locator('figure:target');
    await chart.locator('canvas').waitFor();
    await chart.locator('summary').press('Enter');

    await chart.locator('tbody').waitFor();
    const rows = await chart.locator('tbody tr').count();
    expect(rows).toBe(Number(await chart.getAttribute('data-band')));
    await page.close();
  });

  it.each(THEMES)('has nothing that axe objects to in the %s theme', async (theme) => {
    const { page } = await open(theme);
    await drawnFigures(page);

    await page.evaluate(axeSource);
    const violations = await page.evaluate(async () => {
      const results = await (globalThis as unknown as { axe: typeof axe }).axe.run();
      return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    });

    expect(violations).toEqual([]);
    await page.close();
  });

  it.each(THEMES.flatMap((theme) => [390, 1280].map((width) => [theme, width] as const)))(
    'fits a screen in the %s theme at %i pixels',
    async (theme, width) => {
      const { page } = await open(theme, width);
      await drawnFigures(page);
      const overflow = await page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );

      await page.screenshot({ path: join(PICTURES, `${theme}-${width}.png`), fullPage: true });

      expect(overflow).toBe(0);
      await page.close();
    },
  );
});
