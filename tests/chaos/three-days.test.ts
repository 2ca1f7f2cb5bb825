import { expect, it } from 'vitest';
import { playSeeds } from './play-seeds.ts';

it('three days with faults violate no invariant', async () => {
  expect.assertions(1);
  for await (const { violations } of playSeeds({ seeds: [1], days: 3 })) expect(violations).toEqual([]);
});
