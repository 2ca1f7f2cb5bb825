import { shellWord } from '../shell-word.ts';
import { type KeyArn, keyArnParts } from '../usage/key.ts';

/** A line of the AWS CLI. The command is ours; every value is quoted, whatever it holds. */
export const awsLine = (command: string, options: Readonly<Record<string, string>>): string =>
  ['aws', command, ...Object.entries(options).map(([name, value]) => `--${name} ${shellWord(value)}`)].join(
    ' ',
  );

/** Region of a key, and so of everything that AWS services encrypt with it. */
export const regionOf = (keyArn: KeyArn): string => keyArnParts(keyArn).region;
