import * as z from 'zod';
import { printableJson } from '../printable-json.ts';
import { UsageError } from '../usage-error.ts';
import { acceptText, ackText, muteText, statusText, testAlertText, unmuteText } from './as-text.ts';
import { ask, type FunctionOptions, type Payload } from './ask.ts';

/** What the command line says, beside the words of the payload. */
export interface TellOptions extends Omit<FunctionOptions, 'function'> {
  readonly function?: string;
  readonly format: 'text' | 'json';
}

/** How a report reads. */
type AsText = (report: unknown) => string;

const TEXTS: Readonly<Record<string, AsText>> = {
  status: statusText,
  'test-alert': testAlertText,
  ack: ackText,
  mute: muteText,
  unmute: unmuteText,
  accept: acceptText,
};

const ARGUMENTS = { key: '<key>', mute: '<mute>' };

const drill = z.object({ receivers: z.array(z.object({ outcome: z.string() })) });

/** Sends a command to the deployed detector and prints its answer. False: a receiver did not take the drill. */
export async function tellDetector(
  payload: Payload,
  options: TellOptions,
  out: NodeJS.WritableStream,
): Promise<boolean> {
  const { function: name, format } = options;
  if (name === undefined) {
    throw new UsageError(
      `${payload.action} asks the deployed detector: name it by --function NAME (the stack's output FunctionName)`,
    );
  }
  const report = await ask(payload, { ...options, function: name }, z.looseObject({}), ARGUMENTS);
  const asText = TEXTS[payload.action] ?? printableJson;
  out.write(format === 'json' ? printableJson(report, 2) : asText(report));
  const { data } = drill.safeParse(report);
  return (
    payload.action !== 'test-alert' || (data?.receivers.every(({ outcome }) => outcome === 'sent') ?? false)
  );
}
