/** A port's implementation, ready for one test, and how to put it away. */
export interface Opened<Port> {
  readonly store: Port;
  close(): Promise<void>;
}

/** What is in memory needs no putting away. */
export const inMemory = <Port>(store: Port): Promise<Opened<Port>> =>
  Promise.resolve({ store, close: () => Promise.resolve() });
