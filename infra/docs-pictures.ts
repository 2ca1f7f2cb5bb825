import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { createClock } from './local/clock.ts';
import { startLocalAws } from './local/server.ts';
import { createWorld } from './local/simulated-world.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PICTURE = join(ROOT, 'docs/pictures/band.png');
const BROWSER = process.env['CHROMIUM'] || '/usr/bin/chromium';
const MOST_BYTES = 200_000;
const DAY = 86_400;

// The pictures of the docs: what the built command line makes of a simulated account, in a real browser.
const folder = await mkdtemp(join(tmpdir(), 'pictures-'));
try {
  const report = join(folder, 'report.html');
  await makeReport(report);
  await mkdir(join(ROOT, 'docs/pictures'), { recursive: true });
  await takePicture(report);
  const { size } = await stat(PICTURE);
  if (size > MOST_BYTES) throw new RangeError(`${PICTURE} has ${size} bytes, ${MOST_BYTES} are allowed`);
  process.stdout.write(`docs/pictures/band.png  ${Math.round(size / 1000)} KB\n`);
} finally {
  await rm(folder, { recursive: true });
}

/** Two weeks of eight keys, one of which has its worst five hours three days ago. */
async function makeReport(file: string): Promise<void> {
  const clock = createClock();
  const now = Math.floor(clock.now());
  const storm = {
    keyAlias: 'alias/lake-etl',
    operation: 'Decrypt',
    from: now - 3 * DAY,
    to: now - 3 * DAY + 18_000,
    requestsPerSecond: 140,
  };
  const aws = await startLocalAws({
    world: createWorld({ startsAt: now, keys: 8, runaways: [storm] }),
    clock,
  });
  try {
    const env = { ...process.env, ...aws.environment };
    const cli = join(ROOT, 'dist/cli/kms-runaway.mjs');
    await promisify(execFile)(process.execPath, ['--no-warnings', cli, 'backtest', '--html', file], { env });
  } finally {
    await aws.close();
  }
}

async function takePicture(report: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1000, height: 800 }, colorScheme: 'light' });
    await page.goto(pathToFileURL(report).href);
    // A picture has no buttons, but air around it.
    await page.evaluate(`
      for (const one of document.querySelectorAll('.tools, details')) one.style.display = 'none';
      for (const one of document.querySelectorAll('figure')) one.style.padding = '12px';
    `);
    const figure = page.locator('figure', { hasText: 'lake-etl: Decrypt' });
    await figure.scrollIntoViewIfNeeded();
    await figure.locator('canvas').waitFor();
    await figure.screenshot({ path: PICTURE });
  } finally {
    await browser.close();
  }
}
