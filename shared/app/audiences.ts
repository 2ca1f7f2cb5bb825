import type { KeyFacts } from '../domain/assess/key-facts.ts';
import { type Audience, DIGEST } from '../domain/incident/notification.ts';
import { matchesAny, type Policy } from '../domain/policy.ts';
import type { Receiver } from './ports.ts';

/**
 * Who hears what about a key: each receiver's own severities, unless the policy says otherwise. What is only worth a
 * digest is told to nobody at once: it waits for the daily one.
 */
export function audiencesFor(facts: KeyFacts, receivers: readonly Receiver[], policy: Policy): Audience[] {
  const atOnce = receivers.map(({ name, severities }): Audience => {
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
  return [...atOnce, { receiver: DIGEST, admits: (severity) => severity === 'digest' }];
}

/**
 * Who hears messages without an incident: whoever hears of notices or digests of any key. A receiver that only pages
 * is not woken by a report.
 */
export const noticeAudience = (receivers: readonly Receiver[], policy: Policy): string[] =>
  receivers
    .filter(({ name, severities }) => {
      const rules = policy.receivers.filter((rule) => rule.name === name);
      const heard = rules.length === 0 ? severities : rules.flatMap((rule) => rule.severities ?? severities);
      return heard.some((severity) => severity !== 'page');
    })
    .map(({ name }) => name);
