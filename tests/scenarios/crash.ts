import type { Faults } from '../../infra/local/faults.ts';
import type { Call, ServiceName } from '../../infra/local/service.ts';
import type { Scenario } from './scenario.ts';

type Crash = Scenario['crashes'][number];

/** Crashes that wait for their call. */
export interface Crashes {
  /** Puts those that have not happened yet in the way of the next run, which lives. */
  readonly arm: (faults: Faults) => void;
  /** Those that no run has met. */
  readonly unmet: () => readonly Crash[];
}

/** Lets runs die: at the first call that a crash names, and from then on nothing that the run sends arrives. */
export function createCrashes(crashes: readonly Crash[]): Crashes {
  const waiting = new Set(crashes);
  let isDead = false;
  const called = new Set<ServiceName>();
  const isLost = ({ service }: Call): boolean => {
    if (!isDead) called.add(service);
    return isDead;
  };
  const isHere = (crash: Crash, call: Call): boolean => {
    if (!waiting.has(crash) || !concerns(crash, call)) return false;
    if (crash.after !== undefined && !called.has(crash.after)) return false;
    waiting.delete(crash);
    isDead = true;
    return true;
  };
  return {
    arm(faults) {
      isDead = false;
      called.clear();
      faults.add({ match: isLost, error: 'drop', times: 'always' });
      for (const crash of waiting) {
        const error = crash.moment === 'before' ? 'drop' : 'dropAnswer';
        faults.add({ match: (call) => isHere(crash, call), error });
      }
    },
    unmet: () => [...waiting],
  };
}

const concerns = ({ service, action, pk }: Crash, call: Call): boolean =>
  service === call.service && action === call.action && (pk === undefined || pk === partitionOf(call));

/** Partition of the item that a call to DynamoDB writes. */
function partitionOf({ input }: Call): unknown {
  const item = input['Item'] as Readonly<Record<string, { readonly S?: string }>> | undefined;
  return item?.['pk']?.S;
}
