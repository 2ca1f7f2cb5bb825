import { readFileSync } from 'node:fs';
import { StateMachine } from 'aws-local-stepfunctions';

const FILE = new URL('../../infra/state-machine/detector.asl.json', import.meta.url);

/** The definition as CloudFormation deploys it. */
export function definition(): ConstructorParameters<typeof StateMachine>[0] {
  const text = readFileSync(FILE, 'utf8')
    .replaceAll(`\${Partition}`, 'aws')
    .replaceAll(`\${DetectorArn}`, 'arn:aws:lambda:eu-central-1:111122223333:function:detector');
  return JSON.parse(text) as ConstructorParameters<typeof StateMachine>[0];
}

/** What a Task state passes to the function. */
interface TaskInput {
  readonly Payload: { readonly step: string; readonly shard?: number };
}

/**
 * Executes the definition. The interpreter does not know what is particular to a Distributed Map: `ProcessorConfig` and
 * `ToleratedFailurePercentage` are ignored, an item is a branch in the same execution. The rest is interpreted.
 */
export async function execute(
  scheduledTime: string,
  invoke: (payload: TaskInput['Payload']) => Promise<unknown>,
): Promise<unknown> {
  const task = async (input: unknown) => ({ Payload: await invoke((input as TaskInput).Payload) });
  const machine = new StateMachine(definition(), { validationOptions: { noValidate: true } });
  const execution = machine.run(
    { scheduledTime },
    {
      overrides: {
        taskResourceLocalHandlers: { List: task, CheckShard: task, Merge: task },
        retryIntervalOverrides: { List: 0, CheckShard: 0, Merge: 0 },
      },
    },
  );
  return execution.result;
}
