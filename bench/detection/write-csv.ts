import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { binStart } from '../../shared/domain/usage/time.ts';
import { type AccountPlan, simulate } from './world/account.ts';
import { moneyLabels } from './world/label-account.ts';

/** Rows compressed at once: any gzip reader takes the members one after the other as one file. */
const CHUNK_ROWS = 100_000;

/** Writes a simulated account as `backtest --input` reads it, with its labels in money beside. */
export function writeAccount(folder: string, name: string, plan: AccountPlan): void {
  mkdirSync(folder, { recursive: true });
  const account = simulate(plan);
  const members: Buffer[] = [];
  let rows = ['timestamp,keyArn,operation,requests\n'];
  const flush = () => {
    members.push(gzipSync(rows.join('')));
    rows = [];
  };
  for (const { id, usage } of account.recording.series) {
    for (const [i, requests] of usage.requests.entries()) {
      if (requests === 0) continue;
      rows.push(`${binStart(usage.startBin + i)},${id.keyArn},${id.operation},${requests}\n`);
      if (rows.length >= CHUNK_ROWS) flush();
    }
  }
  flush();
  writeFileSync(join(folder, `${name}.csv.gz`), Buffer.concat(members));
  writeFileSync(join(folder, `${name}.labels.json`), JSON.stringify(moneyLabels(account)));
}
