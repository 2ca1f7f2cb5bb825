/** Exit codes; 0 for a quiet end. */
export const EXIT = {
  /** A fault: of ours, of AWS, of the network. */
  fault: 1,
  /** An incident was found. */
  incident: 2,
  /** `doctor` found what somebody should look at. */
  attention: 2,
  /** A wrong call: EX_USAGE of sysexits. */
  usage: 64,
} as const;

/** Input that the user can mend, as opposed to a fault of ours or of the world: also a file that cannot be opened. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof Error)) return EXIT.fault;
  const unopened = 'code' in error && ['ENOENT', 'EISDIR', 'EACCES'].includes(String(error.code));
  const wrong = ['RecordingError', 'PolicyError', 'UsageError', 'ReplayTooLargeError'].includes(error.name);
  return unopened || wrong ? EXIT.usage : EXIT.fault;
}
