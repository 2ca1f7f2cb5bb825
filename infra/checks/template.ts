import { join } from 'node:path';
import { checkWithCheckov } from './checkov.ts';
import { main, pythonEnvironment, run } from './python-environment.ts';
import { checkSamDeploy } from './sam-deploy.ts';

const PACKAGES = ['cfn-lint==1.58.0', 'aws-sam-cli==1.170.0'];

/** The stack, the one that divides its checks, and the role in linked accounts. */
const TEMPLATES = ['template.yaml', 'template-scale-out.yaml', 'infra/enrichment-role.yaml'];

/** No account is needed: the Region is only there because the tools want one. */
const OFFLINE = {
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
  SAM_CLI_TELEMETRY: '0',
};

/** `npm run test:template`: the templates as CloudFormation and SAM see them. Any finding fails. */
await main(async () => {
  const programs = pythonEnvironment('.template-tools', PACKAGES);
  run(join(programs, 'cfn-lint'), ['--non-zero-exit-code', 'informational', ...TEMPLATES], OFFLINE);
  process.stdout.write('cfn-lint: no findings\n');
  run(join(programs, 'sam'), ['validate', '--lint', '--region', OFFLINE.AWS_DEFAULT_REGION], OFFLINE);
  await checkSamDeploy(join(programs, 'sam'), OFFLINE);
  checkWithCheckov(OFFLINE);
});
