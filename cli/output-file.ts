import { closeSync, openSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { UsageError } from './usage-error.ts';

/** A file that a command leaves, whole or not at all. */
export interface OutputFile {
  write(content: string | Uint8Array): void;
  /** What was written takes the place of whatever stood there. */
  commit(): void;
  /** Nothing is left of it; after `commit` this does nothing. */
  discard(): void;
}

/** Opens a file for a command's output, so that one that cannot be written is refused before the long work. */
export function outputFile(path: string): OutputFile {
  try {
    const existing = statSync(path, { throwIfNoEntry: false });
    // A device or a pipe is written to: a file in its place would be no use to anybody.
    return existing && !existing.isFile() ? direct(path) : replacing(existing ? realpathSync(path) : path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${path} cannot be written: ${reason}`, { cause });
  }
}

/** Opens the file, if one is wanted, and leaves in it what the work has written; nothing if the work fails. */
export async function withOutputFile<T>(
  path: string | undefined,
  work: (file: OutputFile | undefined) => Promise<T>,
): Promise<T> {
  const file = path === undefined ? undefined : outputFile(path);
  try {
    const result = await work(file);
    file?.commit();
    return result;
  } finally {
    file?.discard();
  }
}

function direct(path: string): OutputFile {
  const file = openSync(path, 'w');
  let isOpen = true;
  const close = () => {
    if (isOpen) closeSync(file);
    isOpen = false;
  };
  return { write: (content) => writeFileSync(file, content), commit: close, discard: close };
}

function replacing(path: string): OutputFile {
  const temporary = `${path}.${process.pid}.part`;
  const file = openSync(temporary, 'w');
  const discard = () => {
    if (!open.has(discard)) return;
    leave(discard);
    closeSync(file);
    rmSync(temporary);
  };
  open.add(discard);
  listen();
  return {
    write: (content) => writeFileSync(file, content),
    commit() {
      if (!open.has(discard)) return;
      leave(discard);
      closeSync(file);
      renameSync(temporary, path);
    },
    discard,
  };
}

/** How to undo what is written at the moment. */
const open = new Set<() => void>();
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Only while a file is open: otherwise a signal ends the process at once by itself, whatever it computes. */
const listen = (): void => {
  if (open.size === 1) for (const signal of SIGNALS) process.on(signal, undo);
};

function leave(discard: () => void): void {
  open.delete(discard);
  if (open.size === 0) for (const signal of SIGNALS) process.off(signal, undo);
}

/** Ends as a shell reports a process that a signal has ended: 130 after Ctrl-C. */
function undo(signal: NodeJS.Signals): void {
  for (const discard of [...open]) discard();
  process.exit(128 + constants.signals[signal]);
}
