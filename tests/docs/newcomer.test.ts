import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aNewcomer, type Newcomer, newcomerLines } from '../support/a-newcomer.ts';

const LINES = await newcomerLines();

let newcomer: Newcomer;
beforeAll(async () => {
  newcomer = await aNewcomer();
});
afterAll(() => newcomer.leave());

/** `npm run test:cli` types the others, too. */
describe("the README's path for newcomers", () => {
  it('leads from a checkout to a deployment', () => {
    expect(LINES).toEqual([
      'npm ci && npm run build',
      expect.stringMatching(/^npx kms-runaway top/),
      expect.stringMatching(/^npx kms-runaway diagnose /),
      expect.stringMatching(/^npx kms-runaway backtest .*--html /),
      'sam deploy --guided',
    ]);
  });

  it('begins with a line that works word for word and names the key of the next', async () => {
    const top = await newcomer.type(LINES[1] ?? '');

    const [, first] = /^ *1 {2}(\S+)/m.exec(top) ?? [];
    expect(`alias/${first}`).toBe(LINES[2]?.split(' ').at(-1));
  });
});
