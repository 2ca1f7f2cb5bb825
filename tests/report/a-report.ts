import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type axe from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Where the screenshots go, for somebody to look at. */
const PICTURES = join(tmpdir(), 'kms-runaway-report');

/** How pages are looked at. */
export const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
export const SCREENS = THEMES.flatMap((theme) => [390, 1280].map((width) => [theme, width] as const));

/** An open page, and what went wrong in it: a warning, an exception, a request. */
export interface OpenReport {
  readonly page: Page;
  readonly faults: readonly string[];
}

/** Opens a page without a network. */
export async function openReport(
  browser: Browser,
  file: string,
  theme: Theme = 'light',
  width = 1280,
): Promise<OpenReport> {
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
  await page.goto(pathToFileURL(file).href);
  return { page, faults };
}

/** Scrolls past every chart, which draws it. */
export async function drawnFigures(page: Page): Promise<Locator[]> {
  const figures = await page.locator('figure').all();
  for (const figure of figures) {
    await figure.scrollIntoViewIfNeeded();
    await figure.locator('canvas').waitFor();
  }
  return figures;
}

/** What axe objects to. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(AXE, 'utf8'));
  return page.evaluate(async () => {
    const results = await (globalThis as unknown as { axe: typeof axe }).axe.run();
    return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
}

/** Pixels by which the page is wider than the screen; takes its picture on the way. */
export async function overflow(page: Page, picture: string): Promise<number> {
  await mkdir(PICTURES, { recursive: true });
  const { width } = page.viewportSize() ?? { width: 1280 };
  const height = await page.evaluate<number>('document.documentElement.scrollHeight');
  // What is not in view is not painted.
  await page.setViewportSize({ width, height });
  await page.screenshot({ path: join(PICTURES, `${picture}.png`), fullPage: true });
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
