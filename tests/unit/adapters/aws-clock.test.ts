import { expect, test } from 'vitest';
import { watchDate } from '../../../shared/adapters/aws/aws-clock.ts';

type Client = Parameters<typeof watchDate>[0];
type Middleware = Parameters<Client['middlewareStack']['add']>[0];

/** A client whose one call is answered with this date while the clock here goes from `askedMs` to `answeredMs`. */
async function aheadAfter(date: string | undefined, askedMs: number, answeredMs: number) {
  const steps: Middleware[] = [];
  const times = [askedMs, answeredMs];
  const ahead = watchDate(
    { middlewareStack: { add: (step) => steps.push(step) } },
    () => times.shift() ?? answeredMs,
  );
  const response = { headers: date === undefined ? {} : { Date: date } };
  const before = ahead();
  await steps[0]?.(() => Promise.resolve({ response }))({});
  return [before, ahead()];
}

const DATE = 'Tue, 24 Nov 2026 12:00:00 GMT';
const NOON = Date.parse(DATE);

test.each([
  ['the same second', NOON + 100, NOON + 400, 0],
  ['a slow answer', NOON - 4000, NOON + 9000, 0],
  ['a clock that is ahead', NOON + 61_000, NOON + 61_500, 60],
  ['a clock that is behind', NOON - 30_500, NOON - 30_000, -30],
])('the clock is compared with the header Date: %s', async (_, asked, answered, ahead) => {
  expect(await aheadAfter(DATE, asked, answered)).toEqual([undefined, ahead]);
});

test.each([undefined, 'soon'])('without a date (%s) nothing is said', async (date) => {
  expect(await aheadAfter(date, NOON, NOON)).toEqual([undefined, undefined]);
});
