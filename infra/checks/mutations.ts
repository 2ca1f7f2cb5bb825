import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { CheckError, main, ROOT } from './python-environment.ts';

/** A mistake that somebody could make, and the test file that is to find it. */
interface Mutation {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly foundBy: string;
}

const TEMPLATE = 'template.yaml';

const MUTATIONS: readonly Mutation[] = [
  {
    name: 'a reference to a resource that is not there',
    file: TEMPLATE,
    from: 'Resource: !GetAtt StateTable.Arn',
    to: 'Resource: !GetAtt StateTabel.Arn',
    foundBy: 'conditions.test.ts',
  },
  {
    name: 'a reference to a parameter that is not there',
    file: TEMPLATE,
    from: 'ACCOUNT_NAME: !Ref AccountName',
    to: 'ACCOUNT_NAME: !Ref AccountNaem',
    foundBy: 'conditions.test.ts',
  },
  {
    name: 'an environment variable that the function does not read',
    file: TEMPLATE,
    from: 'TIME_ZONE: !Ref TimeZone',
    to: 'TIMEZONE: !Ref TimeZone',
    foundBy: 'parameters.test.ts',
  },
  {
    name: 'a policy that is wider than its action needs',
    file: TEMPLATE,
    from: 'Resource: !GetAtt StateTable.Arn',
    to: "Resource: '*'",
    foundBy: 'permissions.test.ts',
  },
  {
    name: 'a policy that lacks an action',
    file: TEMPLATE,
    from: 'dynamodb:UpdateItem, dynamodb:DeleteItem',
    to: 'dynamodb:DeleteItem',
    foundBy: 'permissions.test.ts',
  },
  {
    name: 'an SDK call outside the policy',
    file: 'shared/adapters/aws/kms-key-lookup.ts',
    from: 'DescribeKeyCommand,',
    to: 'DescribeKeyCommand, GenerateDataKeyCommand,',
    foundBy: 'permissions.test.ts',
  },
  {
    name: 'a handler that the build does not make',
    file: TEMPLATE,
    from: 'Handler: index.handler',
    to: 'Handler: detector.handler',
    foundBy: 'resources.test.ts',
  },
  {
    name: 'an alarm in a dimension that no metric has',
    file: TEMPLATE,
    from: 'Dimensions: [{ Name: stack,',
    to: 'Dimensions: [{ Name: service,',
    foundBy: 'alarms.test.ts',
  },
];

/** `npm run test:mutations`: mistakes made in a copy of the repository are found by the tests of the template. */
await main(() => {
  const copy = mkdtempSync(join(tmpdir(), 'mutations-'));
  try {
    cpSync(ROOT, copy, { recursive: true, filter: isNeeded });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    const red = failedFiles(copy);
    if (red.length > 0) throw new CheckError(`Without a mistake these fail already: ${red.join(', ')}`);
    const survivors = MUTATIONS.filter((mutation) => !isFound(copy, mutation));
    if (survivors.length > 0) throw new CheckError(`${survivors.length} mistakes were not found.`);
  } finally {
    rmSync(copy, { recursive: true });
  }
});

/** Neither what is installed nor what Git ignores, but for the build. */
function isNeeded(path: string): boolean {
  return !/^(\.[a-z].*|node_modules|coverage|demo-out)$/.test(relative(ROOT, path).split('/')[0] ?? '');
}

function isFound(copy: string, { name, file, from, to, foundBy }: Mutation): boolean {
  const path = join(copy, file);
  const original = readFileSync(path, 'utf8');
  if (!original.includes(from)) throw new CheckError(`${file} does not contain "${from}" any more`);
  writeFileSync(path, original.replace(from, to));
  const red = failedFiles(copy);
  writeFileSync(path, original);
  const outcome = red.length === 0 ? 'NOT FOUND' : `found by ${red.join(', ')}`;
  process.stdout.write(`${name}: ${outcome}\n`);
  return red.includes(foundBy);
}

/** Names of the template's test files that have a failed test, or that could not be run. */
function failedFiles(folder: string): string[] {
  const output = join(folder, 'results.json');
  rmSync(output, { force: true });
  const vitest = join(folder, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', 'tests/template', '--reporter=json', `--outputFile=${output}`];
  spawnSync(process.execPath, args, { cwd: folder, stdio: 'ignore' });
  const { testResults } = JSON.parse(readFileSync(output, 'utf8')) as {
    testResults: { name: string; status: string }[];
  };
  return testResults.filter(({ status }) => status !== 'passed').map(({ name }) => basename(name));
}
