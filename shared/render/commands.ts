import type { MessageOrigin } from '../domain/incident/message.ts';
import { plain } from './text.ts';

/** One word for a POSIX shell, whatever it holds. Plain words stay as they are, so that a line is easy to read. */
const shellWord = (text: string): string =>
  /^[A-Za-z0-9_./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** JSON in printable ASCII alone: what is pasted is what is sent. */
const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[^\x20-\x7E]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** A line to paste, and what it does. */
export interface Command {
  readonly label: string;
  readonly line: string;
}

/** Judges these keys at once. No command where the function's name is not known. */
export const checkCommand = (keys: readonly string[], origin: MessageOrigin): Command[] =>
  command('Check now', { action: 'check', keys }, origin);

/** Lists the open incidents. */
export const statusCommand = (origin: MessageOrigin): Command[] =>
  command('List all incidents', { action: 'status' }, origin);

/** Sends a marked drill through every receiver. */
export const testAlertCommand = (origin: MessageOrigin): Command[] =>
  command('Send a test message', { action: 'test-alert' }, origin);

const command = (label: string, payload: unknown, { functionName, region }: MessageOrigin): Command[] =>
  functionName ? [{ label, line: invokeLine(functionName, region, payload) }] : [];

/** The line that invokes the detector with this payload and prints its answer. */
const invokeLine = (functionName: string, region: string, payload: unknown): string =>
  [
    'aws lambda invoke',
    `--function-name ${shellWord(plain(functionName, 170))}`,
    `--region ${shellWord(plain(region, 20))}`,
    '--cli-binary-format raw-in-base64-out',
    '--cli-read-timeout 0',
    `--payload ${shellWord(asciiJson(payload))}`,
    '/dev/stdout',
  ].join(' ');
