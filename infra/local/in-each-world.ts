import type { Call, Service } from './service.ts';
import type { World } from './world.ts';

/** A service of one account and Region. */
export interface PlacedService {
  readonly world: World;
  readonly service: Service;
}

/** One service for several accounts and Regions: each call is for those of its credentials and their scope. */
export function inEachWorld(home: PlacedService, others: readonly PlacedService[]): Service {
  if (others.length === 0) return home.service;
  const serviceFor = ({ account = home.world.accountId, region }: Call): Service =>
    others.find(({ world }) => world.accountId === account && world.region === region)?.service ??
    home.service;
  return {
    ...home.service,
    actions: Object.fromEntries(
      Object.keys(home.service.actions).map((action) => [
        action,
        (input: Call['input'], call: Call) => serviceFor(call).actions[action]?.(input, call),
      ]),
    ),
    resource: (call) => serviceFor(call).resource?.(call),
  };
}
