import { type Target, targetName } from '../../domain/usage/key.ts';

/** One of something for each target, made when it is first needed and kept: clients hold connections and their pace. */
export function keptByTarget<T>(make: (target: Target) => T): (target: Target) => T {
  const kept = new Map<string, { readonly made: T }>();
  return (target) => {
    const name = targetName(target);
    const known = kept.get(name) ?? { made: make(target) };
    kept.set(name, known);
    return known.made;
  };
}
