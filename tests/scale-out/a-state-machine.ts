import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { StateMachine } from 'aws-local-stepfunctions';

const FILE = new URL('../../infra/state-machine/detector.asl.json', import.meta.url);

/** The definition as CloudFormation deploys it. */
export function definition(): ConstructorParameters<typeof StateMachine>[0] {
  const text = readFileSync(FILE, 'utf8')
    .replaceAll(`\${Partition}`, 'aws')
    .replaceAll(`\${DetectorArn}`, 'arn:aws:lambda:eu-central-1:111122223333:function:detector');
  return JSON.parse(text) as ConstructorParameters<typeof StateMachine>[0];
}

/** What a Task state passes to the function. */
export interface StepPayload {
  readonly step: string;
  readonly shard?: number;
}

type FromWorker =
  | { readonly kind: 'task'; readonly id: number; readonly input: { readonly Payload: StepPayload } }
  | { readonly kind: 'ended'; readonly result: unknown }
  | { readonly kind: 'failed'; readonly reason: string };

/** In a thread of its own, because the interpreter wants a function that Node 20 does not have. */
const INTERPRETER = `
const { parentPort, workerData } = require('node:worker_threads');
Promise.withResolvers ??= () => {
  let resolvers;
  const promise = new Promise((resolve, reject) => { resolvers = { resolve, reject }; });
  return { promise, ...resolvers };
};
const { StateMachine } = require(workerData.interpreter);
const waiting = new Map();
parentPort.on('message', ({ id, answer, error }) => {
  const { resolve, reject } = waiting.get(id);
  if (error === undefined) resolve({ Payload: answer });
  else reject(new Error(error));
});
let tasks = 0;
const task = (input) => new Promise((resolve, reject) => {
  waiting.set(++tasks, { resolve, reject });
  parentPort.postMessage({ kind: 'task', id: tasks, input });
});
const none = { List: 0, CheckShard: 0, Merge: 0 };
const machine = new StateMachine(workerData.definition, { validationOptions: { noValidate: true } });
machine.run(workerData.input, { overrides: {
  taskResourceLocalHandlers: { List: task, CheckShard: task, Merge: task },
  retryIntervalOverrides: none,
} }).result.then(
  (result) => parentPort.postMessage({ kind: 'ended', result }),
  (error) => parentPort.postMessage({ kind: 'failed', reason: String(error.stack) }),
);
`;

/**
 * Executes the definition. The interpreter does not know what is particular to a Distributed Map: `ProcessorConfig` and
 * `ToleratedFailurePercentage` are ignored, an item is a branch in the same execution. The rest is interpreted.
 */
export async function execute(
  scheduledTime: string,
  invoke: (payload: StepPayload) => Promise<unknown>,
): Promise<unknown> {
  const interpreter = createRequire(import.meta.url).resolve('aws-local-stepfunctions');
  const workerData = { interpreter, definition: definition(), input: { scheduledTime } };
  const worker = new Worker(INTERPRETER, { eval: true, workerData, execArgv: [] });
  try {
    return await new Promise((resolve, reject) => {
      worker.on('error', reject);
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'ended') resolve(message.result);
        else if (message.kind === 'failed') reject(new Error(message.reason));
        else {
          const { id } = message;
          invoke(message.input.Payload).then(
            (answer) => worker.postMessage({ id, answer: JSON.parse(JSON.stringify(answer)) }),
            (error: unknown) => worker.postMessage({ id, error: String(error) }),
          );
        }
      });
    });
  } finally {
    await worker.terminate();
  }
}
