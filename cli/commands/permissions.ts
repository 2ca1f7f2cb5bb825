import type { Command } from 'commander';

/** Registers `permissions`. */
export const permissionsCommand = (program: Command): Command =>
  program
    .command('permissions')
    .description('print the IAM policy that the commands need to read an account; it allows nothing else')
    .addHelpText(
      'after',
      '\nExample:\n  kms-runaway permissions > read-only.json\n  aws iam create-policy --policy-name kms-runaway-read --policy-document file://read-only.json',
    )
    .action(async () => {
      const { READ_ONLY_POLICY } = await import('../permissions/read-only-policy.ts');
      process.stdout.write(`${JSON.stringify(READ_ONLY_POLICY, undefined, 2)}\n`);
    });
