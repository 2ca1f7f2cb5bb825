/** Letters to leave out are the commonest slip: people type the end of a name. */
const LEFT_OUT = 0.5;

/** The part of a name that may differ for it still to be meant. */
const MEANT_SHARE = 1 / 3;

/** The known names that are most like a mistyped one, likest first. Empty if nothing is known. */
export const nearestNames = (name: string, known: readonly string[], limit: number): string[] =>
  ranked(name, known)
    .slice(0, limit)
    .map(({ candidate }) => candidate);

/** The one known name that a mistyped one can hardly differ from by chance. Undefined: none is so near. */
export function meantName(name: string, known: readonly string[]): string | undefined {
  const [best] = ranked(name, known);
  return best && best.distance <= name.length * MEANT_SHARE ? best.candidate : undefined;
}

const ranked = (name: string, known: readonly string[]) =>
  known
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1));

/** Letters of `a` to delete or replace (Levenshtein), and half as many as have to be put in to make it `b`. */
function editDistance(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, i) => i * LEFT_OUT);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (before[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, (before[j] ?? 0) + 1, (row[j - 1] ?? 0) + LEFT_OUT));
    }
    before = row;
  }
  return before[b.length] ?? 0;
}
