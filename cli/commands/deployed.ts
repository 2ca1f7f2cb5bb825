import { type Command, Option } from 'commander';
import type { TellOptions } from '../deployed/tell.ts';
import { EXIT } from '../exit-code.ts';
import { whoAmI, withAccount } from './account-options.ts';

/** Registers `status`. */
export const statusCommand = (program: Command): Command =>
  deployed(
    program,
    'status',
    'say how the deployed detector is doing: incidents, deliveries, receivers, mutes',
  )
    .addHelpText('after', examples('status --function kms-runaway-Detector-1ABC'))
    .action((options: TellOptions) => tell({ action: 'status' }, options));

/** Registers `test-alert`. */
export const testAlertCommand = (program: Command): Command =>
  deployed(
    program,
    'test-alert',
    'send a marked drill through every receiver; exits with 1 if one refuses it',
  )
    .addHelpText('after', examples('test-alert --function kms-runaway-Detector-1ABC'))
    .action((options: TellOptions) => tell({ action: 'test-alert' }, options));

/** Registers `ack`. */
export const ackCommand = (program: Command): Command =>
  signed(program, 'ack', 'say that somebody has an incident: its reminders stop')
    .argument('[key]', 'alias, id or ARN of the key that the incident is about')
    .option('--incident <id>', 'the incident by its id, in place of the key')
    .addHelpText(
      'after',
      examples(
        'ack alias/lake-etl --function kms-runaway-Detector-1ABC',
        'ack --incident kms-20261125T0205-1a2b3c4d --by ada --function kms-runaway-Detector-1ABC',
      ),
    )
    .action((key: string | undefined, { incident, by, ...options }: SignedOptions & { incident?: string }) =>
      tell({ action: 'ack', key, incident, by }, options),
    );

/** Registers `mute`. */
export const muteCommand = (program: Command): Command =>
  signed(program, 'mute', 'keep what happens to some keys from people for a while; it is still recorded')
    .argument(
      '<key>',
      'alias, id or ARN of a key, an alias pattern with *, region for the quotas of all keys together, or * for everything',
    )
    .requiredOption(
      '--until <when>',
      'required: ISO 8601 time, duration such as P7D (at most 90 days), tomorrow or a weekday, to the end of that day',
    )
    .requiredOption('--reason <text>', 'required: why; messages and status repeat it')
    .addHelpText(
      'after',
      examples(
        'mute "alias/etl-*" --until P1D --reason "load test" --function kms-runaway-Detector-1ABC',
        'mute alias/lake-etl --until friday --reason "backfill" --function kms-runaway-Detector-1ABC',
      ),
    )
    .action(
      (key: string, { until, reason, by, ...options }: SignedOptions & { until: string; reason: string }) =>
        tell({ action: 'mute', key, until, reason, by }, options),
    );

/** Registers `unmute`. */
export const unmuteCommand = (program: Command): Command =>
  signed(program, 'unmute', 'end a mute early')
    .argument('<mute>', 'id of the mute: status lists them')
    .addHelpText('after', examples('unmute 1a2b3c4d5e6f --function kms-runaway-Detector-1ABC'))
    .action((mute: string, { by, ...options }: SignedOptions) =>
      tell({ action: 'unmute', mute, by }, options),
    );

/** Registers `accept`. */
export const acceptCommand = (program: Command): Command =>
  signed(program, 'accept', 'take the present use of a key as its new normal, for good')
    .argument('<key>', 'alias, id or ARN of one key')
    .option('--reason <text>', 'why')
    .addHelpText(
      'after',
      examples(
        'accept alias/lake-etl --reason "twice the data since May" --function kms-runaway-Detector-1ABC',
      ),
    )
    .action((key: string, { reason, by, ...options }: SignedOptions & { reason?: string }) =>
      tell({ action: 'accept', key, reason, by }, options),
    );

interface SignedOptions extends TellOptions {
  readonly by?: string;
}

/** A command that only the deployed detector can carry out: it has the table. */
const deployed = (program: Command, name: string, description: string): Command =>
  withAccount(
    program.command(name).description(description),
    "Region of the function (default: the ARN's, AWS_REGION)",
  )
    .option(
      '--function <name>',
      'required: the deployed detector, by name or ARN of its function, see FunctionName of the stack',
    )
    .addOption(new Option('--format <format>', 'how to answer').choices(['text', 'json']).default('text'));

/** A command that is noted in somebody's name. */
const signed = (program: Command, name: string, description: string): Command =>
  deployed(program, name, description).option('--by <name>', 'in whose name (default: your login)', whoAmI());

const examples = (...lines: readonly string[]): string =>
  `\nExample${lines.length > 1 ? 's' : ''}:\n${lines.map((line) => `  kms-runaway ${line}`).join('\n')}`;

async function tell(
  payload: { readonly action: string } & Record<string, unknown>,
  options: TellOptions,
): Promise<void> {
  const { tellDetector } = await import('../deployed/tell.ts');
  const went = await tellDetector(payload, options, process.stdout);
  if (!went) process.exitCode = EXIT.fault;
}
