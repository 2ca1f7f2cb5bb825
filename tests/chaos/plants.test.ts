import { describe, expect, it } from 'vitest';
import { PLANTS } from './plants.ts';
import { playSeeds, type SeedOutcome } from './play-seeds.ts';

describe('three days with faults', () => {
  it('violate no invariant', async () => {
    expect(await play()).toEqual([]);
  });

  it.each(PLANTS)('show the planted bug %s', async (plant) => {
    expect(await play(plant)).not.toEqual([]);
  });
});

async function play(plant?: (typeof PLANTS)[number]): Promise<readonly string[]> {
  const outcomes: SeedOutcome[] = [];
  const group = { seeds: [1], days: 3, ...(plant ? { plant } : {}) };
  for await (const outcome of playSeeds(group)) outcomes.push(outcome);
  return outcomes.flatMap(({ violations }) => violations);
}
