import { cpus } from 'node:os';

/** The machine that a figure of time belongs to. */
export const machine = (): string =>
  `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, Node ${process.versions.node}`;
