import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SetTopicAttributesCommand, type SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';

/** Where `npm run test:conformance` has started moto. */
export const ENDPOINT: string = fromEnvironment('MOTO_ENDPOINT');

export const REGION = 'eu-central-1';

/** What every client of moto is made with. Any credentials do. */
export const CLIENT = {
  endpoint: ENDPOINT,
  region: REGION,
  credentials: { accessKeyId: 'AKIAMOTO', secretAccessKey: 'moto' },
} as const;

/** The same for a program of its own, or for a Lambda. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  AWS_ENDPOINT_URL: ENDPOINT,
  AWS_REGION: REGION,
  AWS_DEFAULT_REGION: REGION,
  AWS_ACCESS_KEY_ID: CLIENT.credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: CLIENT.credentials.secretAccessKey,
};

/** Empties every service. */
export async function resetMoto(): Promise<void> {
  const answer = await fetch(`${ENDPOINT}/moto-api/reset`, { method: 'POST' });
  if (!answer.ok) throw new Error(`moto did not reset: HTTP ${answer.status}`);
}

const run = promisify(execFile);

/**
 * Runs a Python program with boto3, which speaks to moto as AWS's own SDK for Python does: `aws` is a function that
 * makes a client, `given` is the input. What the program prints as JSON is the answer.
 */
export async function boto3(program: string, given: unknown = {}): Promise<unknown> {
  const prelude = `
import json, sys, datetime, boto3
given = json.loads(sys.argv[1])
aws = boto3.client
def answer(value): print(json.dumps(value, default=str))
`;
  const { stdout } = await run(
    fromEnvironment('MOTO_PYTHON'),
    ['-c', prelude + program, JSON.stringify(given)],
    {
      env: { ...process.env, ...ENVIRONMENT },
    },
  );
  return stdout === '' ? undefined : (JSON.parse(stdout) as unknown);
}

/** Subscribes to a topic over HTTP. moto confirms at once and does not count: the number is set by hand. */
export async function subscribe(client: SNSClient, TopicArn: string, url: string): Promise<void> {
  await client.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: url }));
  // The attribute's name is moto's own, misspelt as it is.
  await client.send(
    new SetTopicAttributesCommand({ TopicArn, AttributeName: 'SubscriptionsConfimed', AttributeValue: '1' }),
  );
}

/** Datapoints of a KMS metric: one sum for each period, from a time on. */
export interface Requests {
  readonly dimensions: Readonly<Record<string, string>>;
  /** Epoch seconds. */
  readonly startsAt: number;
  readonly periodSeconds: number;
  readonly values: readonly number[];
}

/** Puts KMS metrics as KMS would, through boto3. Keep it small: moto reads in time that grows with the square. */
export async function putKmsRequests(requests: readonly Requests[]): Promise<void> {
  await boto3(
    `
cloudwatch = aws('cloudwatch')
for metric in given:
    dimensions = [{'Name': name, 'Value': value} for name, value in metric['dimensions'].items()]
    data = [
        {
            'MetricName': 'SuccessfulRequest',
            'Dimensions': dimensions,
            'Timestamp': datetime.datetime.fromtimestamp(metric['startsAt'] + i * metric['periodSeconds'], datetime.timezone.utc),
            'Value': value,
            'Unit': 'Count',
        }
        for i, value in enumerate(metric['values'])
    ]
    for start in range(0, len(data), 500):
        cloudwatch.put_metric_data(Namespace='AWS/KMS', MetricData=data[start:start + 500])
`,
    requests,
  );
}

function fromEnvironment(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start these tests by npm run test:conformance`);
  return value;
}
