import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { DETECTOR_FOLDER } from '../bundle-checks.ts';
import { CheckError, ROOT } from './python-environment.ts';
import { type Deployment, startRecorder } from './recorded-deployment.ts';

/** What an earlier `sam build` of something else may have left in `.aws-sam/build`. */
const LEFT_OVER = `
AWSTemplateFormatVersion: '2010-09-09'
Resources:
  LeftOver: { Type: AWS::SNS::Topic }
`;

/**
 * `sam build` and `sam deploy`, in a copy of what they read, against a recorder instead of AWS: what would be
 * deployed is the template and the bundle of the repository, after nothing, after a `sam build`, and after a
 * template that somebody left. Without the line in samconfig.toml the left one is taken: the check can fail.
 */
export async function checkSamDeploy(sam: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'sam-deploy-'));
  try {
    for (const file of ['template.yaml', 'samconfig.toml', DETECTOR_FOLDER])
      cpSync(join(ROOT, file), join(home, file), { recursive: true });
    const deploy = () => recordedDeploy(sam, home, environment);
    const clean = await deploy();
    expectOurs(clean, home);
    await runIn(home, sam, ['build'], environment);
    expectSame(await deploy(), clean, 'after sam build');
    mkdirSync(join(home, '.aws-sam/build'), { recursive: true });
    writeFileSync(join(home, '.aws-sam/build/template.yaml'), LEFT_OVER);
    expectSame(await deploy(), clean, 'with a template left over in .aws-sam/build');

    const config = join(home, 'samconfig.toml');
    writeFileSync(config, readFileSync(config, 'utf8').replaceAll(/^template_file.*$/gm, ''));
    if (!templateOf(await deploy()).includes('LeftOver'))
      throw new CheckError(
        'Without template_file sam deploy no longer takes what is left over: this check is blind.',
      );
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  process.stdout.write('sam build, sam deploy: the template and the bundle, whatever is left in .aws-sam\n');
}

async function recordedDeploy(
  sam: string,
  home: string,
  environment: NodeJS.ProcessEnv,
): Promise<Deployment> {
  const recorder = await startRecorder();
  try {
    await runIn(home, sam, ['deploy', '--no-execute-changeset'], {
      ...environment,
      AWS_ENDPOINT_URL: recorder.endpoint,
      AWS_ACCESS_KEY_ID: 'AKIALOCAL',
      AWS_SECRET_ACCESS_KEY: 'local',
    });
    return recorder.deployment();
  } finally {
    recorder.close();
  }
}

function expectOurs(deployment: Deployment, home: string): void {
  const wanted = Object.keys(resourcesIn(readFileSync(join(home, 'template.yaml'), 'utf8')));
  const sent = Object.keys(resourcesIn(templateOf(deployment)));
  if (sent.join() !== wanted.join())
    throw new CheckError(`sam deploy sends the resources ${sent.join(', ')}`);
  const archives = [...deployment.objects.values()].filter((body) => body.startsWith('PK'));
  const missing = readdirSync(join(home, DETECTOR_FOLDER)).filter((file) => !archives[0]?.includes(file));
  if (archives.length !== 1 || missing.length > 0)
    throw new CheckError(`sam deploy sends ${archives.length} archives, without ${missing.join(', ')}`);
  if (deployment.changeSet.get('Capabilities.member.1') !== 'CAPABILITY_IAM')
    throw new CheckError('sam deploy does not ask for CAPABILITY_IAM');
  if (deployment.changeSet.get('Tags.member.1.Key') !== 'application')
    throw new CheckError('sam deploy does not give the stack its tag');
}

/** Objects are named by what is in them, so equal names are equal content. */
function expectSame(deployment: Deployment, clean: Deployment, when: string): void {
  const names = (of: Deployment) => [...of.objects.keys()].toSorted().join(', ');
  if (names(deployment) !== names(clean))
    throw new CheckError(`sam deploy ${when} sends ${names(deployment)} instead of ${names(clean)}`);
}

function templateOf({ objects }: Deployment): string {
  const template = [...objects].find(([name]) => name.endsWith('.template'));
  if (!template) throw new CheckError(`sam deploy sends no template but ${[...objects.keys()].join(', ')}`);
  return template[1];
}

const resourcesIn = (template: string): Record<string, unknown> =>
  (parse(template, { logLevel: 'silent' }) as { Resources: Record<string, unknown> }).Resources;

/** Runs a program in a folder. Unlike `run`, it leaves this process free to answer it. */
async function runIn(
  cwd: string,
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  try {
    await promisify(execFile)(program, [...args], { cwd, env: { ...process.env, ...environment } });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new CheckError(`sam ${args.join(' ')} failed:\n${stdout.slice(-2000)}${stderr.slice(-2000)}`);
  }
}
