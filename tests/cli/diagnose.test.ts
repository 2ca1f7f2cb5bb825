import { afterEach, describe, expect, it } from 'vitest';
import { createClock } from '../../infra/local/clock.ts';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import { createWorld } from '../../infra/local/simulated-world.ts';
import { kmsRunaway } from '../support/a-cli.ts';

let aws: LocalAws | undefined;
afterEach(async () => {
  await aws?.close();
  aws = undefined;
});

/** An account of forty keys, as it is now; CloudTrail answers two look-ups a second of real time. */
async function anAccount() {
  const clock = createClock();
  aws = await startLocalAws({ clock, world: createWorld({ startsAt: Math.floor(clock.now()) }) });
  aws.faults.add({ times: 'always', latencyMs: 40 });
  return kmsRunaway.with(aws.environment);
}

describe('kms-runaway diagnose', () => {
  it('leads from the whole bill to who is behind it and what ends it, in two commands and a minute', async () => {
    const run = await anAccount();
    const began = performance.now();

    const bill = await run('top', '--last', 'P1D', '--format', 'json', '--limit', '3');
    const { reports } = JSON.parse(bill.out) as { reports: { keys: { aliases: string[] }[] }[] };
    const dearest = reports[0]?.keys.find(({ aliases }) => aliases[0] === 'alias/lake-etl');
    const { code, out } = await run('diagnose', dearest?.aliases[0] ?? '');

    expect((performance.now() - began) / 1000).toBeLessThan(60);
    expect(code).toBe(0);
    expect(out).toMatch(/^lake-etl: [\d.]+ M requests a day, \$\d+ a month\n/);
    expect(out).toMatch(/Callers {3}role\/lake-etl-job via s3 \d+% ±\d+;/);
    expect(out).toMatch(/For {7}bucket lake-raw \d+% ±\d+;/);
    expect(out).toMatch(/Cause {5}Likely: S3 objects are read or written without a Bucket Key\./);
    expect(out).toMatch(/Saves {5}\$\d+ to \$\d+ a month if it goes on/);
    expect(out).toContain('aws s3api put-bucket-encryption --bucket lake-raw --region eu-central-1');
  });

  it('reads only, and says what it may not see', async () => {
    const run = await anAccount();
    aws?.faults.clear();
    aws?.faults.add({ service: 'cloudtrail', error: 'AccessDenied', times: 'always' });

    const { code, out } = await run('diagnose', 'alias/lake-etl', '--format', 'json');

    const { keys } = JSON.parse(out) as { keys: { notKnown: string[]; callers: { kind: string } }[] };
    expect(code).toBe(0);
    expect(keys[0]?.callers.kind).toBe('unknown');
    expect(keys[0]?.notKnown.join()).toContain('cloudtrail:LookupEvents');
    const writes = aws?.calls
      .map(({ action }) => action)
      .filter((action) => !/:(Get|List|Describe|Lookup)/.test(action));
    expect(writes).toEqual([]);
  });

  it('says what to do about a name that nobody uses', async () => {
    const run = await anAccount();

    const { code, err } = await run('diagnose', 'lake-elt');

    expect(code).toBe(64);
    expect(err).toMatch(
      /<key> "lake-elt": expected a key with use in the last day; the nearest: alias\/lake-etl, /,
    );
  });

  it('takes a name as `top` prints it', async () => {
    const run = await anAccount();

    const { code, out } = await run('diagnose', 'aws/s3');

    expect(code).toBe(0);
    expect(out).toMatch(/^aws\/s3: [\d.]+ M requests a day, /);
  });
});
