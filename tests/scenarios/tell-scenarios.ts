import { describe, expect, it } from 'vitest';
import { WORLDS } from '../support/worlds.ts';
import { type Outcome, play } from './play.ts';
import { readScenarios, type Scenario } from './scenario.ts';

/** Plays situations in a world, and compares what people were told. A worker takes one world. */
export function tellScenarios(world: keyof typeof WORLDS): void {
  const scenarios = readScenarios();
  describe(`where ${world}`, () => {
    it.each([...scenarios.keys()])('%s', async (name) => {
      const scenario = scenarios.get(name);
      if (!scenario) throw new Error(name);

      const outcome = await play(scenario, WORLDS[world] ?? {});

      expectTold(outcome.email, scenario.told.email, 'email');
      expectTold(outcome.slack, scenario.told.slack, 'slack');
      expectText(outcome, scenario);
      for (const deed of scenario.deeds) {
        if (deed.answers) expect(outcome.answers.get(deed)).toMatchObject(deed.answers);
      }
      if (scenario.failedRuns !== undefined) expect(outcome.failedRuns).toBe(scenario.failedRuns);
      if (scenario.status) expect(outcome.status).toMatchObject({ ok: true, report: scenario.status });
    });
  });
}

/** Each message begins as one of the ways it may: `NOTICE lake-etl|PAGE lake-etl`. One that ends in `?` may be missing. */
function expectTold(told: readonly string[], expected: readonly string[], receiver: string): void {
  let at = 0;
  const isOpening = (way: string) => told[at]?.startsWith(way) ?? false;
  for (const message of expected) {
    const isOptional = message.endsWith('?');
    const ways = message.replace(/\?$/, '').split('|');
    if (ways.some(isOpening)) at++;
    else if (!isOptional) expect({ receiver, told }).toEqual({ receiver, told: expected });
  }
  expect({ receiver, told: told.slice(0, at) }).toEqual({ receiver, told });
}

function expectText({ text }: Outcome, { says, saysNot }: Scenario): void {
  for (const words of says) expect(text).toContain(words);
  for (const words of saysNot) expect(text).not.toContain(words);
}
