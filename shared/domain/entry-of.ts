/** What a table says of a name from outside: `constructor` and its like, which every object has, are in no table. */
export const entryOf = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
