import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** What `sam deploy` has sent. */
export interface Deployment {
  /** Objects put into the bucket, by key: SAM names each by a hash of what is in it. */
  readonly objects: ReadonlyMap<string, string>;
  /** Parameters of CreateChangeSet. */
  readonly changeSet: URLSearchParams;
}

/** Records a deployment: just as much of S3 and CloudFormation as `sam deploy --no-execute-changeset` speaks to. */
export async function startRecorder(): Promise<{
  endpoint: string;
  deployment: () => Deployment;
  close: () => void;
}> {
  const objects = new Map<string, string>();
  let changeSet = new URLSearchParams();
  const answerTo = async (request: IncomingMessage): Promise<[status: number, body: string]> => {
    // Zip archives are binary; one character for each byte keeps the names in them.
    request.setEncoding('latin1');
    const body = await text(request);
    if (request.method === 'HEAD') return [404, ''];
    if (request.method === 'PUT') {
      objects.set(request.url ?? '', body);
      return [200, ''];
    }
    const form = new URLSearchParams(body);
    if (form.get('Action') === 'CreateChangeSet') changeSet = form;
    return cloudFormation(form);
  };
  const server = createServer((request, response) => {
    void answerTo(request).then(([status, body]) => {
      response.writeHead(status, { 'content-type': 'text/xml', etag: '"an-etag"' }).end(body);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    deployment: () => ({ objects, changeSet }),
    close: () => void server.close(),
  };
}

const STACK = 'arn:aws:cloudformation:us-east-1:111122223333';

/** SAM's own stack with the bucket is there, the stack itself is not, and the change set is made at once. */
function cloudFormation(form: URLSearchParams): [status: number, body: string] {
  const action = form.get('Action') ?? '';
  if (action === 'DescribeStacks' && form.get('StackName') !== 'aws-sam-cli-managed-default')
    return failure('ValidationError', `Stack with id ${form.get('StackName')} does not exist`);
  const result = {
    DescribeStacks: `<Stacks><member><StackName>aws-sam-cli-managed-default</StackName>
      <StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime>
      <Tags><member><Key>ManagedStackSource</Key><Value>AwsSamCli</Value></member></Tags>
      <Outputs><member><OutputKey>SourceBucket</OutputKey><OutputValue>artifacts</OutputValue></member></Outputs>
    </member></Stacks>`,
    CreateChangeSet: `<Id>${STACK}:changeSet/c/1</Id><StackId>${STACK}:stack/s/1</StackId>`,
    DescribeChangeSet:
      '<Status>CREATE_COMPLETE</Status><ExecutionStatus>AVAILABLE</ExecutionStatus><Changes/>',
  }[action];
  if (result === undefined) return failure('InvalidAction', `${action} is not recorded here`);
  return [200, `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`];
}

const failure = (code: string, message: string): [status: number, body: string] => [
  400,
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
];
