import { describe, expect, it } from 'vitest';
import { PLANTS } from './plants.ts';
import { playSeeds } from './play-seeds.ts';

describe('three days with faults', () => {
  it('violate no invariant', async () => {
    expect(await firstViolations([1])).toEqual([]);
  });

  it.each(PLANTS)('show the planted bug %s within five seeds', { timeout: 300_000 }, async (plant) => {
    expect(await firstViolations([1, 2, 3, 4, 5], plant)).not.toEqual([]);
  });
});

/** What the first of these seeds that violates an invariant shows. */
async function firstViolations(
  seeds: readonly number[],
  plant?: (typeof PLANTS)[number],
): Promise<readonly string[]> {
  for await (const { violations } of playSeeds({ seeds, days: 3, ...(plant ? { plant } : {}) }))
    if (violations.length > 0) return violations;
  return [];
}
