import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kmsRunaway } from '../support/a-cli.ts';
import { aBrowser, hasBrowser } from './a-browser.ts';
import { aRecording } from './a-recording.ts';
import { drawnFigures, openReport, overflow, SCREENS, THEMES, type Theme, violations } from './a-report.ts';

describe.runIf(hasBrowser())('the page of a backtest', () => {
  let folder: string;
  let report: string;
  let browser: Browser;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'report-'));
    await writeFile(join(folder, 'use.csv'), aRecording());
    report = join(folder, 'report.html');
    const { code, err } = await kmsRunaway('backtest', '--input', join(folder, 'use.csv'), '--html', report);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    browser = await aBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true });
  });

  const open = (theme?: Theme, width?: number) => openReport(browser, report, theme, width);

  it('draws the band of every series, and red where one ran away, without an error or a request', async () => {
    const { page, faults } = await open();

    const figures = await drawnFigures(page);
    expect(figures).toHaveLength(3);
    for (const figure of figures) expect(Number(await figure.getAttribute('data-band'))).toBeGreaterThan(50);
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

    expect(await violations(page)).toEqual([]);
    await page.close();
  });

  it.each(SCREENS)('fits a screen in the %s theme at %i pixels', async (theme, width) => {
    const { page } = await open(theme, width);
    await drawnFigures(page);

    expect(await overflow(page, `backtest-${theme}-${width}`)).toBe(0);
    await page.close();
  });
});
