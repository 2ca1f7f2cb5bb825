import type { SeedGroup, SeedOutcome } from './play-seeds.ts';

/** Makes this process a worker: it plays one group of seeds for each message, tells each outcome, then that it is done. */
export function answerGroups(play: (group: SeedGroup) => AsyncIterable<SeedOutcome>): void {
  process.on('message', (group: SeedGroup) => {
    void answer(group);
  });

  async function answer(group: SeedGroup): Promise<void> {
    for await (const outcome of play(group)) process.send?.({ outcome });
    process.send?.({});
  }
}
