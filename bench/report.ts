import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { defaultQuota } from '../shared/domain/assess/quota.ts';
import { type Ranking, rankKeys } from '../shared/domain/top.ts';
import type { KeyArn } from '../shared/domain/usage/key.ts';
import { BINS_PER_DAY, BINS_PER_HOUR, binAt } from '../shared/domain/usage/time.ts';
import { backtestPage } from '../shared/render/report/backtest-page.ts';
import type { ReportAssets } from '../shared/render/report/page.ts';
import type { ChartPoint, RecordedChart } from '../shared/render/report/series-recorder.ts';
import { machine } from './detection/machine.ts';

/** Openings of the page, after one that is not counted. */
const RUNS = 15;
const SERIES = 500;
const DAYS = 28;
const END = binAt(Date.parse('2026-11-25T00:00:00Z') / 1000);
const FROM = END - DAYS * BINS_PER_DAY;
const STORM = END - 3 * BINS_PER_DAY;
const STORM_BINS = 5 * BINS_PER_HOUR;

/** A point of a series: day and night, and a storm in every tenth. */
function pointAt(series: number, bin: number): ChartPoint {
  const inStorm = series % 10 === 0 && bin >= STORM && bin < STORM + STORM_BINS;
  const usual = 1000 + 7 * series + Math.round(600 * Math.sin((bin / BINS_PER_DAY) * 2 * Math.PI));
  return [bin, inStorm ? 20 * usual + (bin % 97) : usual + ((bin * 31) % 113), usual, 3 * usual];
}

function aChart(series: number): RecordedChart {
  const keyArn = `arn:aws:kms:eu-central-1:111122223333:key/${series}` as KeyArn;
  const every = (step: number, from: number, to: number) =>
    Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => pointAt(series, from + i * step));
  const isStormy = series % 10 === 0;
  return {
    id: { keyArn, operation: 'Decrypt' },
    points: isStormy
      ? [
          ...every(BINS_PER_HOUR, FROM, STORM),
          ...every(1, STORM, STORM + STORM_BINS),
          ...every(BINS_PER_HOUR, STORM + STORM_BINS, END),
        ]
      : every(BINS_PER_HOUR, FROM, END),
    beyond: isStormy ? [[STORM, STORM + STORM_BINS]] : [],
    standing: [],
  };
}

const NOTHING_USED: Ranking = rankKeys(
  {
    series: [],
    directory: { keys: new Map() },
    periodSeconds: 300,
    seconds: 300,
    quota: (group) => defaultQuota(group, 'eu-central-1'),
    quotaCalls: undefined,
  },
  'cost',
  1,
);

/** Script, style and policy as the built command line puts them into a page. */
function builtAssets(folder: string): ReportAssets {
  const use = join(folder, 'use.csv');
  const page = join(folder, 'small.html');
  const rows = Array.from(
    { length: 900 },
    (_, i) => `${1_756_700_000 - (1_756_700_000 % 300) + 300 * i},${aChart(1).id.keyArn},Decrypt,9`,
  );
  writeFileSync(use, `timestamp,keyArn,operation,requests\n${rows.join('\n')}\n`);
  const cli = join(import.meta.dirname, '../dist/cli/kms-runaway.mjs');
  execFileSync(process.execPath, ['--no-warnings', cli, 'backtest', '--input', use, '--html', page]);
  const html = readFileSync(page, 'utf8');
  const part = (name: string, pattern: RegExp): string => {
    const [, text] = pattern.exec(html) ?? [];
    if (text === undefined) throw new Error(`the page of the built command line has no ${name}`);
    return text;
  };
  return {
    script: part('script', /<\/script><script>(.*)<\/script><\/body>/s),
    style: part('style', /<style>(.*?)<\/style>/s),
    policy: part('policy', /http-equiv="Content-Security-Policy" content="(.*?)"/).replaceAll('&#39;', "'"),
  };
}

/** Milliseconds until the first chart is on the screen, and of those the work of the page's own thread. */
interface Opening {
  readonly elapsed: number;
  readonly work: number;
}

async function opening(browser: Browser, url: string): Promise<Opening> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  try {
    await page.addInitScript(`
      new MutationObserver((_, observer) => {
        if (!document.querySelector('figure[data-band]')) return;
        observer.disconnect();
        requestAnimationFrame(() => { globalThis.firstChartAt = performance.now(); });
      }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-band'] });
    `);
    const devTools = await page.context().newCDPSession(page);
    await devTools.send('Performance.enable', { timeDomain: 'threadTicks' });
    await page.goto(url);
    await page.waitForFunction('globalThis.firstChartAt');
    const { metrics } = await devTools.send('Performance.getMetrics');
    const seconds = metrics.find(({ name }) => name === 'TaskDuration')?.value;
    if (seconds === undefined) throw new Error('Chromium tells no TaskDuration');
    return { elapsed: await page.evaluate<number>('globalThis.firstChartAt'), work: 1000 * seconds };
  } finally {
    await page.close();
  }
}

function spread(milliseconds: readonly number[]): string {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const at = (share: number) => `${Math.round(sorted[Math.round(share * (sorted.length - 1))] ?? 0)} ms`;
  return `min ${at(0)}  median ${at(0.5)}  max ${at(1)}`;
}

const folder = mkdtempSync(join(tmpdir(), 'bench-report-'));
try {
  const charts = Array.from({ length: SERIES }, (_, series) => aChart(series));
  const html = backtestPage(
    {
      incidents: [],
      messages: [],
      forecast: { notices: { expected: 0, low: 0, high: 0 }, pages: { expected: 0, low: 0, high: 0 } },
    },
    {
      directory: { keys: new Map() },
      fromBin: FROM,
      endBin: END,
      charts,
      ranking: NOTHING_USED,
      assets: builtAssets(folder),
    },
  );
  const file = join(folder, 'report.html');
  writeFileSync(file, html);
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] || '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const samples: Opening[] = [];
    for (let run = 0; run <= RUNS; run++) {
      const one = await opening(browser, pathToFileURL(file).href);
      if (run > 0) samples.push(one);
    }
    process.stdout.write(
      `page of ${SERIES} series, ${DAYS} days, ${(html.length / 1e6).toFixed(1)} MB; ${machine()}, Chromium ${browser.version()}, load ${loadavg()[0]?.toFixed(1)}\n` +
        `first chart drawn, ${RUNS} openings: ${spread(samples.map(({ elapsed }) => elapsed))}\n` +
        `work of the page's thread until then: ${spread(samples.map(({ work }) => work))}\n`,
    );
  } finally {
    await browser.close();
  }
} finally {
  rmSync(folder, { recursive: true });
}
