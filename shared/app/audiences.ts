import type { KeyFacts } from '../domain/assess/key-facts.ts';
import type { Audience } from '../domain/incident/notification.ts';
import { matchesAny, type Policy } from '../domain/policy.ts';
import type { Receiver } from './ports.ts';

/** Who hears what about a key: each receiver's own severities, unless the policy says otherwise. A digest is told to nobody at once. */
export function audiencesFor(facts: KeyFacts, receivers: readonly Receiver[], policy: Policy): Audience[] {
  return receivers.map(({ name, severities }) => {
    const rules = policy.receivers.filter((rule) => rule.name === name);
    return {
      receiver: name,
      admits: (severity) =>
        severity !== 'digest' &&
        (rules.length === 0
          ? severities.includes(severity)
          : rules.some(
              (rule) =>
                (rule.severities ?? severities).includes(severity) &&
                (!rule.keys || matchesAny(rule.keys, facts)),
            )),
    };
  });
}
