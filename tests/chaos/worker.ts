import { playSeeds, type SeedGroup } from './play-seeds.ts';

/** Plays one group of seeds for each message: tells each seed's outcome, then that the group is done. */
process.on('message', (group: SeedGroup) => {
  void play(group);
});

async function play(group: SeedGroup): Promise<void> {
  for await (const outcome of playSeeds(group)) process.send?.({ outcome });
  process.send?.({});
}
