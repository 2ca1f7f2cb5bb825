import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { CheckError, pythonEnvironment, ROOT } from './python-environment.ts';

const PACKAGES = ['checkov==3.3.30'];

/** What checkov finds and is left as it is, by check and resource, with the reason. */
const LEFT: Readonly<Record<string, string>> = {
  'CKV_AWS_158 AWS::Logs::LogGroup.DetectorLogs':
    'CloudWatch encrypts logs anyway; under a KMS key of the account the detector would use KMS itself',
  'CKV_AWS_116 AWS::Serverless::Function.Detector':
    'failed checks go to a queue by EventInvokeConfig, which checkov does not read',
  'CKV_AWS_117 AWS::Serverless::Function.Detector':
    'it talks to AWS and to receivers only, over TLS; a VPC would add endpoints to pay for and protect nothing',
  'CKV_AWS_115 AWS::Serverless::Function.Detector':
    'a reservation takes from the account’s concurrency and fails where little is left; the lease keeps runs apart',
  'CKV_AWS_173 AWS::Serverless::Function.Detector':
    'the variables hold names and settings; credentials are in Secrets Manager',
  'CKV_AWS_27 AWS::SQS::Queue.FailedChecks':
    'SQS encrypts it by SqsManagedSseEnabled; checkov asks for a KMS key',
  'CKV_AWS_119 AWS::DynamoDB::Table.StateTable':
    'encrypted under a key of AWS; under a KMS key of the account the detector would use KMS itself',
};

/** The template as checkov sees it. Any other finding fails, and so does a reason that is not needed any more. */
export function checkWithCheckov(environment: NodeJS.ProcessEnv): void {
  const programs = pythonEnvironment('.checkov', PACKAGES);
  const args = ['--file', 'template.yaml', '--framework', 'cloudformation', '--output', 'json'];
  const { stdout, stderr } = spawnSync(join(programs, 'checkov'), [...args, '--quiet', '--skip-download'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
  const found = findingsIn(stdout, stderr);
  const unexpected = found.filter((finding) => !(finding in LEFT));
  const unneeded = Object.keys(LEFT).filter((finding) => !found.includes(finding));
  if (unexpected.length > 0) throw new CheckError(`checkov finds ${unexpected.join(', ')}`);
  if (unneeded.length > 0) throw new CheckError(`checkov does not find any more ${unneeded.join(', ')}`);
  process.stdout.write(`checkov: nothing but ${found.length} findings that are left for a reason\n`);
}

function findingsIn(stdout: string, stderr: string): string[] {
  try {
    const { results } = JSON.parse(stdout) as {
      results: { failed_checks: { check_id: string; resource: string }[] };
    };
    return results.failed_checks.map(({ check_id, resource }) => `${check_id} ${resource}`);
  } catch {
    throw new CheckError(
      `checkov did not answer with its findings:\n${stdout.slice(-2000)}${stderr.slice(-2000)}`,
    );
  }
}
