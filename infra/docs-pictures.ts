import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bandPicture } from '../shared/render/report/band-svg.ts';
import type { Drawing } from '../shared/render/report/drawing.ts';
import { createClock } from './local/clock.ts';
import { startLocalAws } from './local/server.ts';
import { createWorld } from './local/simulated-world.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PICTURE = join(ROOT, 'docs/pictures/band.svg');
const MOST_CHARACTERS = 60_000;
const DAY = 86_400;

// The picture of the docs: what the built command line makes of a simulated account.
const folder = await mkdtemp(join(tmpdir(), 'pictures-'));
try {
  const report = join(folder, 'report.html');
  await makeReport(report);
  const picture = pictureOf(await readFile(report, 'utf8'));
  if (picture.length > MOST_CHARACTERS)
    throw new RangeError(`${PICTURE} has ${picture.length} characters, ${MOST_CHARACTERS} are allowed`);
  await mkdir(join(ROOT, 'docs/pictures'), { recursive: true });
  await writeFile(PICTURE, picture);
  process.stdout.write(`docs/pictures/band.svg  ${Math.round(picture.length / 1000)} KB\n`);
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

/** The chart that ran away, of what the page draws it from. */
function pictureOf(page: string): string {
  const [, json = '[]'] = /id="report-drawings">(.*?)<\/script>/s.exec(page) ?? [];
  const drawings: readonly Drawing[] = JSON.parse(json);
  const drawing = drawings.find(({ red }) => red.length > 0);
  if (!drawing) throw new Error('the report draws nothing that ran away');
  return bandPicture(drawing, {
    title: 'lake-etl: Decrypt',
    description:
      'Requests of a key in two weeks: a blue line inside a grey band, and red far above it for five hours.',
  });
}
