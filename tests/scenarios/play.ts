import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWorld, type SimulatedWorld } from '../../infra/local/simulated-world.ts';
import type { WorldSwitches } from '../../infra/local/world-switches.ts';
import { type DeployedLambda, deployLambda } from '../support/a-lambda.ts';
import { createCrashes } from './crash.ts';
import { minutesOf, type Scenario } from './scenario.ts';

/** The request quotas that keys share, one for each kind of key. */
const SHARED_QUOTA = /^Cryptographic operations /;

/** Noon of a Wednesday: minute 0 of every scenario. */
const NOON = Date.parse('2026-11-18T12:00:00Z') / 1000;
const MINUTE = 60;

type Deed = Scenario['deeds'][number];

/** What people heard and what the detector says of itself. */
export interface Outcome {
  /** Headlines of messages about incidents, oldest first. */
  readonly email: readonly string[];
  readonly slack: readonly string[];
  /** Everything that was said, for a look inside. */
  readonly text: string;
  /** Answers to the deeds; undefined for those that ask nothing. */
  readonly answers: ReadonlyMap<Deed, unknown>;
  /** Runs that died. */
  readonly failedRuns: number;
  readonly status: unknown;
}

/** Words that messages about incidents begin with; others (a welcome, a digest) are not part of the story. */
const OF_INCIDENTS = /^(PAGE|NOTICE|RESOLVED)\b/;

/** Plays a scenario through the built bundle over HTTP, in a world with these switches. */
export async function play(scenario: Scenario, switches: Partial<WorldSwitches>): Promise<Outcome> {
  const world = createWorld({
    startsAt: NOON,
    keys: scenario.keys,
    ...(scenario.historyDays === undefined ? {} : { historyDays: scenario.historyDays }),
    switches,
  });
  for (const { key, from, to, factor, requestsPerSecond, ...rest } of scenario.runaways) {
    for (const who of keysNamed(world, key)) {
      world.addRunaway({
        ...rest,
        ...who,
        from: NOON + from * MINUTE,
        to: NOON + to * MINUTE,
        ...(factor === undefined ? {} : { factor }),
        ...(requestsPerSecond === undefined ? {} : { requestsPerSecond }),
      });
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'scenario-'));
  const policyFile = join(folder, 'policy.json');
  writeFileSync(policyFile, JSON.stringify(scenario.policy ?? { version: 1 }));
  const lambda = await deployLambda(
    { world },
    {
      ACCOUNT_NAME: 'prod',
      POLICY_FILE: policyFile,
      ...scenario.environment,
    },
    { isEmailConfirmed: !scenario.unconfirmed },
  );
  try {
    return await playThrough(scenario, lambda);
  } finally {
    await lambda.close();
    rmSync(folder, { recursive: true });
  }
}

const keysNamed = (world: SimulatedWorld, key: string | number) =>
  typeof key === 'string'
    ? [{ keyAlias: `alias/${key}` }]
    : world.keys.slice(0, key).map(({ arn }) => ({ keyArn: arn }));

async function playThrough(scenario: Scenario, lambda: DeployedLambda): Promise<Outcome> {
  const { aws } = lambda;
  for (const name of scenario.quotaPerSecond === undefined ? [] : aws.quotas.kms.keys()) {
    if (SHARED_QUOTA.test(name)) aws.quotas.kms.set(name, { name, value: scenario.quotaPerSecond ?? 0 });
  }
  const answers = new Map<Deed, unknown>();
  const crashes = createCrashes(scenario.crashes);
  let failedRuns = 0;
  const deeds = scenario.deeds.toSorted((a, b) => a.at - b.at);
  for (const at of minutesOf(scenario)) {
    aws.faults.clear();
    crashes.arm(aws.faults);
    for (const { from, to, times, ...fault } of scenario.faults) {
      if (from <= at && at < to) aws.faults.add({ ...fault, times: times ?? 'always' } as never);
    }
    while (deeds[0] && deeds[0].at <= at) {
      const deed = deeds.shift();
      aws.clock.set(NOON + at * MINUTE);
      if (deed) answers.set(deed, await carryOut(deed.do, lambda, scenario));
    }
    const runs = scenario.missedRuns.includes(at) ? 0 : scenario.doubledRuns.includes(at) ? 2 : 1;
    for (let run = 0; run < runs; run++) {
      // A run that dies is made good by the next one.
      await lambda.checkAt(new Date((NOON + at * MINUTE) * 1000).toISOString()).catch(() => {
        failedRuns++;
      });
    }
  }
  aws.faults.clear();
  if (crashes.unmet().length > 0)
    throw new Error(`No run came to where it was to die: ${JSON.stringify(crashes.unmet())}`);
  const mails = aws.sns.messages.filter(({ deliveries }) => deliveries.length > 0);
  return {
    email: mails.map(({ subject }) => subject ?? '').filter((subject) => OF_INCIDENTS.test(subject)),
    slack: aws.slack.inbox.map(({ text }) => text ?? '').filter((text) => OF_INCIDENTS.test(text)),
    text: [
      ...mails.map(({ message }) => message),
      ...aws.slack.inbox.map((post) => JSON.stringify(post)),
    ].join('\n'),
    answers,
    failedRuns,
    status: await lambda.invoke({ action: 'status' }),
  };
}

async function carryOut(
  what: Deed['do'],
  { aws, invoke }: DeployedLambda,
  { runaways }: Scenario,
): Promise<unknown> {
  if (typeof what === 'object') return invoke(what.invoke);
  switch (what) {
    case 'revoke the webhook':
      return aws.slack.revoke();
    case 'restore the webhook':
      return aws.slack.restore();
    case 'confirm the email':
      return aws.sns.confirm('on-call@example.com');
    case 'delete the key': {
      const [first] = runaways;
      const key = aws.world.keys.find(({ aliases }) => aliases.includes(`alias/${first?.key}`));
      if (key) aws.kms.remove(key.keyId);
      return undefined;
    }
  }
}
