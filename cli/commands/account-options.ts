import { type Command, Option } from 'commander';

/** Gives a command the options that say whose account, and where. */
export const withAccount = (
  command: Command,
  region = "Region of the account (default: AWS_REGION, else the profile's)",
): Command =>
  command.option('--region <region>', region).option('--profile <name>', 'profile of ~/.aws/config to use');

/** Gives a command the choice between the account itself, the deployed detector and a simulated account. */
export const withSource = (command: Command, region?: string): Command =>
  withAccount(command, region)
    .addOption(
      new Option('--function <name>', 'ask the deployed detector: name or ARN of its function').conflicts([
        'local',
        'policy',
      ]),
    )
    .option('--local', 'look at a simulated account instead of yours; needs no AWS');

/** Whoever is logged in: the name that is noted where none is given. */
export const whoAmI = (): string | undefined => process.env['USER'] ?? process.env['USERNAME'];

/** A line on stderr that stays. */
export const note = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
