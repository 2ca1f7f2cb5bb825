import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from './python-environment.ts';

const VERSION = '2.6.1';
const FOLDER = '.dynamodb-local';

const POM = `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>kms-runaway-detector</groupId><artifactId>dynamodb-local</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>com.amazonaws</groupId><artifactId>DynamoDBLocal</artifactId><version>${VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;

/** Programs that AWS's own DynamoDB for a developer's machine needs, with how each is asked whether it is there. */
const NEEDED = { java: '-version', mvn: '--version' };

/** Those that are missing. */
export const missingForDynamoDbLocal = (): string[] =>
  Object.entries(NEEDED)
    .filter(([program, question]) => spawnSync(program, [question], { stdio: 'ignore' }).status !== 0)
    .map(([program]) => program);

/** Starts it, in memory, from a folder of the repository that Git ignores. It offers no way to listen on 127.0.0.1 alone. */
export function startDynamoDbLocal(port: number): ChildProcess {
  const home = install();
  const options = ['-inMemory', '-disableTelemetry', '-port', String(port)];
  return spawn(
    'java',
    [
      `-Djava.library.path=${join(home, 'native')}`,
      '-cp',
      join(home, 'lib', '*'),
      'com.amazonaws.services.dynamodbv2.local.main.ServerRunner',
      ...options,
    ],
    { cwd: home, stdio: ['ignore', 'ignore', 'pipe'] },
  );
}

/** Anew only when the version has changed. */
function install(): string {
  const home = join(ROOT, FOLDER);
  const stamp = join(home, 'version.txt');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === VERSION) return home;
  process.stdout.write(`Installing DynamoDB Local ${VERSION} into ${FOLDER}/ (once)\n`);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(join(home, 'native'), { recursive: true });
  writeFileSync(join(home, 'pom.xml'), POM);
  const lib = join(home, 'lib');
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${lib}`];
  run('mvn', ['--quiet', '--batch-mode', '--file', join(home, 'pom.xml'), ...goal]);
  copyNativeLibraries(lib, join(home, 'native'));
  writeFileSync(stamp, VERSION);
  return home;
}

/** Maven puts the version into the names of files; the loader of SQLite looks for them without it. */
function copyNativeLibraries(from: string, to: string): void {
  for (const name of readdirSync(from)) {
    const bare = /^(.*sqlite4java-.*?)-\d[\d.]*(\.(?:so|dylib|dll))$/.exec(name);
    if (bare) copyFileSync(join(from, name), join(to, `${bare[1]}${bare[2]}`));
  }
}
