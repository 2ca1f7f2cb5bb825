import { afterAll, beforeAll, expect, it } from 'vitest';
import { aNewcomer, type Newcomer, newcomerLines } from '../../support/a-newcomer.ts';

const LINES = await newcomerLines();

let newcomer: Newcomer;
beforeAll(async () => {
  newcomer = await aNewcomer();
});
afterAll(() => newcomer.leave());

it("the README's path for newcomers works word for word on an account that is only read", async () => {
  const { type, left, aws } = newcomer;

  const [top, diagnosis, backtest] = [
    await type(LINES[1] ?? ''),
    await type(LINES[2] ?? ''),
    await type(LINES[3] ?? ''),
  ];

  const [, first] = /^ *1 {2}(\S+)/m.exec(top) ?? [];
  expect(`alias/${first}`).toBe(LINES[2]?.split(' ').at(-1));
  expect(diagnosis).toMatch(/^lake-etl: [\d.,]+ (M )?requests a day, \$/);
  expect(diagnosis).toMatch(/\nCallers +role\//);
  expect(diagnosis).toMatch(/\nFix /);
  expect(backtest).toMatch(/\n\d{4}-\d\d-\d\d \d\d:\d\d +lake-etl +page /);
  expect(await left('report.html')).toContain('lake-etl');
  expect(aws.calls.filter(({ action }) => !/:(Get|List|Describe|Lookup)/.test(action))).toEqual([]);
});
