/** A command line that cannot be carried out; the message names the option, its value and the fix. */
export class UsageError extends Error {
  override name = 'UsageError' as const;
}
