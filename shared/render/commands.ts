import type { MessageOrigin } from '../domain/incident/message.ts';
import { shellWord } from '../domain/shell-word.ts';
import { plain } from './text.ts';

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

/** Says that whoever pastes it sees to the incident. */
export const ackCommand = (incidentId: string, origin: MessageOrigin): Command[] =>
  signed('I have it: no more reminders', { action: 'ack', incident: incidentId }, origin);

/** What people can tell the detector about an incident's key, in the name of whoever pastes it. */
export const keyCommands = (keyArn: string, incidentId: string, origin: MessageOrigin): Command[] => [
  ...signed(
    'Mute the key for 7 days',
    { action: 'mute', key: keyArn, until: 'P7D', reason: `incident ${incidentId}` },
    origin,
  ),
  ...signed('Accept this level for good (cannot be undone)', { action: 'accept', key: keyArn }, origin),
];

/** What people can tell the detector about the Region's quotas, in the name of whoever pastes it. */
export const regionCommands = (subject: string, incidentId: string, origin: MessageOrigin): Command[] => [
  ...ackCommand(incidentId, origin),
  ...signed(
    "Mute the Region's quotas for 7 days",
    { action: 'mute', key: subject, until: 'P7D', reason: `incident ${incidentId}` },
    origin,
  ),
];

const command = (label: string, payload: object, origin: MessageOrigin): Command[] =>
  invocation(label, shellWord(asciiJson(payload)), origin);

/** The same with `by`: the shell that it is pasted into fills in its user. */
const signed = (label: string, payload: object, origin: MessageOrigin): Command[] =>
  invocation(
    label,
    `${shellWord(`${asciiJson(payload).slice(0, -1)},"by":"`)}"$USER"${shellWord('"}')}`,
    origin,
  );

const invocation = (
  label: string,
  payload: string,
  { functionName, functionRegion, region }: MessageOrigin,
): Command[] =>
  functionName ? [{ label, line: invokeLine(functionName, functionRegion ?? region, payload) }] : [];

/** The line that invokes the detector with this payload, a word of the shell, and prints its answer. */
const invokeLine = (functionName: string, region: string, payload: string): string =>
  [
    'aws lambda invoke',
    `--function-name ${shellWord(plain(functionName, 170))}`,
    `--region ${shellWord(plain(region, 20))}`,
    '--cli-binary-format raw-in-base64-out',
    '--cli-read-timeout 0',
    `--payload ${payload}`,
    '/dev/stdout',
  ].join(' ');
