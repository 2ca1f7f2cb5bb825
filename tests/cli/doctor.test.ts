import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createClock } from '../../infra/local/clock.ts';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import { createWorld } from '../../infra/local/simulated-world.ts';
import type { WorldSwitches } from '../../infra/local/world-switches.ts';
import type { DoctorReport } from '../../shared/domain/doctor/finding.ts';
import { kmsRunaway } from '../support/a-cli.ts';

let aws: LocalAws | undefined;
afterEach(async () => {
  await aws?.close();
  aws = undefined;
});

/** An account of forty keys, as it is now, and the command line with credentials for it. */
async function anAccount(switches: Partial<WorldSwitches> = {}) {
  const clock = createClock();
  const local = await startLocalAws({
    clock,
    world: createWorld({ startsAt: Math.floor(clock.now()), switches }),
  });
  aws = local;
  const run = kmsRunaway.with(local.environment);
  return { local, run: (...args: readonly string[]) => run('doctor', '--watch', 'PT0S', ...args) };
}

describe('kms-runaway doctor', () => {
  it('asks an account before anything is deployed, and only reads', async () => {
    const { local, run } = await anAccount();

    const { code, out, err } = await run();

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /^eu-central-1, 20[\d:TZ-]+: 18 questions: 0 differs, \d+ unknown, 1\d as assumed; nothing needs attention\.\n/,
    );
    expect(out).toMatch(
      /^ {2}as assumed {2}Which unit do the datapoints have\? Of \d+ datapoints, \d+ with unit Count and 0 with/m,
    );
    expect(out).toMatch(/^ {2}applied {5}symmetric 20,000\/s, rsa 1,000\/s/m);
    expect(out).toMatch(
      /\nIt took \d+ s, \d\d calls that only read, and \d+ metrics, which cost less than \$0\.01\.\n$/,
    );
    expect(local.calls.filter(({ action }) => !/:(Get|List|Describe|Lookup)/.test(action))).toEqual([]);
    expect(local.calls.length).toBeLessThan(50);
  });

  it('ends with 2 where AWS differs, in JSON as well as for people', async () => {
    const { run } = await anAccount({ unit: 'None' });

    const { code, out } = await run('--format', 'json');

    const report = JSON.parse(out) as DoctorReport;
    expect(code).toBe(2);
    expect(report.findings.filter(({ verdict }) => verdict === 'differs').map(({ id }) => id)).toEqual([
      'unit',
    ]);
  });

  it('names what is denied, and shares nothing that names the account', async () => {
    const { local, run } = await anAccount();
    const key = local.world.keys[0];
    const message = `User: arn:aws:sts::${local.world.accountId}:assumed-role/AcmeOps/jane is not authorized to perform: cloudtrail:LookupEvents because no identity-based policy allows it`;
    local.faults.add({
      service: 'cloudtrail',
      error: { code: 'AccessDeniedException', message },
      times: 'always',
    });
    const file = join(await mkdtemp(join(tmpdir(), 'doctor-')), 'doctor.json');

    const { code, out } = await run('--redacted', file);

    expect(code).toBe(2);
    expect(out).toContain(
      '"Sid":"FindCallers","Effect":"Allow","Action":["cloudtrail:LookupEvents"],"Resource":"*"',
    );
    const shared = await readFile(file, 'utf8');
    expect(shared).toMatch(/User: arn-1 is not authorized to perform: cloudtrail:LookupEvents/);
    const planted = [local.world.accountId, key?.keyId ?? '', key?.aliases[0] ?? '', 'Acme', 'jane', 'arn:'];
    expect(planted.filter((one) => shared.includes(one))).toEqual([]);
  });

  it('ends with 1 where nothing can be asked', async () => {
    const { code, err } = await kmsRunaway.with({ AWS_REGION: 'eu-central-1', HOME: '/nonexistent' })(
      'doctor',
      '--watch',
      'PT0S',
    );

    expect(code).toBe(1);
    expect(err).toMatch(/^kms-runaway: no AWS credentials: run `aws configure`/);
  });
});
