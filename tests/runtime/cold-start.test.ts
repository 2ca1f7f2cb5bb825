import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { installDetector } from '../../infra/local/install-detector.ts';
import { startLocalAws } from '../../infra/local/server.ts';
import { startFunction } from './function.ts';

const RUNS = 7;

it('starts cold within a second of an empty handler', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'empty-handler-'));
  onTestFinished(() => rmSync(empty, { recursive: true }));
  writeFileSync(join(empty, 'index.mjs'), 'export const handler = async () => ({ ok: true });\n');
  const aws = await startLocalAws();
  onTestFinished(() => aws.close());
  const { environment } = await installDetector(aws);
  const kinds = { 'empty handler': { environment, code: empty }, detector: { environment } };
  const samples = new Map(Object.keys(kinds).map((kind) => [kind, [] as number[]]));

  for (let run = 0; run < RUNS; run++) {
    for (const [kind, options] of Object.entries(kinds)) {
      const container = await startFunction(options);
      const { milliseconds } = await container.invoke('{"action":"status"}');
      samples.get(kind)?.push(milliseconds);
      await container.close();
    }
  }

  const [none = 0, detector = 0] = [...samples].map(([kind, values]) => {
    const sorted = values.toSorted((a, b) => a - b);
    const [min, median, max] = [0, (RUNS - 1) / 2, RUNS - 1].map((rank) => sorted[rank] ?? Number.NaN);
    const figures = [min, median, max].map((value) => value?.toFixed(0)).join(', ');
    process.stdout.write(`cold start and a status, ${kind}: min, median, max of ${RUNS}: ${figures} ms\n`);
    return median;
  });
  expect(detector - none).toBeLessThan(1000);
});
