import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { createClock } from '../../infra/local/clock.ts';
import { startLocalAws } from '../../infra/local/server.ts';
import { aKey, aWorld } from '../local/a-world.ts';
import { kmsRunaway } from '../support/a-cli.ts';
import { aBrowser, hasBrowser } from './a-browser.ts';

it.runIf(hasBrowser())('top --html lists each key with its cost, whatever its alias is', async () => {
  const hostile = 'alias/<img src=x onerror=alert(1)>';
  const world = aWorld([{ key: 'lake', requests: () => 12_000 }], {}, [aKey('lake', { aliases: [hostile] })]);
  const aws = await startLocalAws({ world, clock: createClock() });
  const browser = await aBrowser();
  const folder = await mkdtemp(join(tmpdir(), 'report-'));
  try {
    const file = join(folder, 'top.html');
    const { code } = await kmsRunaway.with(aws.environment)('top', '--last', 'PT2H', '--html', file);
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on('console', (message) => faults.push(message.text()));
    await page.goto(pathToFileURL(file).href);

    expect(code).toBe(0);
    const cells = page.getByRole('region', { name: 'Cost' }).locator('td');
    expect((await cells.allTextContents()).slice(0, 3)).toEqual([
      '<img src=x onerror=alert(1)>',
      '288,000',
      '100%',
    ]);
    expect(await page.locator('img').count()).toBe(0);
    expect(faults).toEqual([]);
  } finally {
    await browser.close();
    await aws.close();
    await rm(folder, { recursive: true });
  }
});
