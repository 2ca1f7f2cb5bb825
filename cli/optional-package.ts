import { UsageError } from './usage-error.ts';

const EMBEDDED_TABLE = 'dynalite';

/** Refuses a command that plays the deployed detector where the table that it plays with is not installed. */
export function requireEmbeddedTable(): void {
  try {
    import.meta.resolve(EMBEDDED_TABLE);
  } catch (cause) {
    throw new UsageError(
      `this command needs the package ${EMBEDDED_TABLE}, an embedded DynamoDB: npm install ${EMBEDDED_TABLE}@4 beside this one`,
      { cause },
    );
  }
}
