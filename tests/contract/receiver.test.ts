import { SNSClient } from '@aws-sdk/client-sns';
import { SnsReceiver } from '../../shared/adapters/aws/sns-receiver.ts';
import { MemoryReceiver } from '../../shared/adapters/memory/memory-receiver.ts';
import { WebhookReceiver } from '../../shared/adapters/slack/webhook-receiver.ts';
import { headline } from '../../shared/render/headline.ts';
import { type Misbehaviour, type ReceiverHarness, receiverContract } from './receiver.contract.ts';
import { type Answer, startDouble } from './receiver-doubles.ts';

const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:alerts';

receiverContract('memory', async () => {
  const receiver = new MemoryReceiver();
  let misbehaviour: Misbehaviour | 'well' = 'well';
  return {
    receiver: {
      name: receiver.name,
      severities: receiver.severities,
      groups: receiver.groups,
      send: (message) => {
        if (misbehaviour === 'isGone') receiver.failWith({ kind: 'refused', reason: misbehaviour });
        else if (misbehaviour !== 'well') receiver.failWith({ kind: 'retry', reason: misbehaviour });
        return receiver.send(message);
      },
    },
    received: () => receiver.messages.map((message) => headline(message, 150)),
    behave: (how) => {
      misbehaviour = how;
    },
    close: () => Promise.resolve(),
  };
});

receiverContract('SNS', async () => {
  const answers: Record<Misbehaviour, Answer> = {
    throttles: snsError(400, 'Throttling'),
    fails: snsError(500, 'InternalFailure'),
    isGone: snsError(404, 'NotFound'),
    doesNotAnswer: 'hangUp',
  };
  return httpHarness(answers, snsAnswer, (url) => {
    const client = new SNSClient({
      endpoint: url,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    });
    return new SnsReceiver(client, TOPIC);
  });
});

receiverContract('Slack', async () => {
  const answers: Record<Misbehaviour, Answer> = {
    throttles: { status: 429, body: 'rate_limited', headers: { 'retry-after': '7' } },
    fails: { status: 503, body: '<html>' },
    isGone: { status: 404, body: 'no_service' },
    doesNotAnswer: 'silence',
  };
  return httpHarness(
    answers,
    () => ({ status: 200, body: 'ok' }),
    (url) => new WebhookReceiver({ webhookUrl: () => Promise.resolve(url), timeoutMs: 150 }),
  );
});

async function httpHarness(
  answers: Readonly<Record<Misbehaviour, Answer>>,
  goodAnswer: (body: string) => Answer,
  receiverAt: (url: string) => ReceiverHarness['receiver'],
): Promise<ReceiverHarness> {
  let behaviour: Misbehaviour | 'well' = 'well';
  const arrived: string[] = [];
  const double = await startDouble((body) => {
    if (behaviour !== 'well') return answers[behaviour];
    const isMessage = body.startsWith('{') || body.includes('Action=Publish');
    if (isMessage) arrived.push(textOf(body));
    return goodAnswer(body);
  });
  return {
    receiver: receiverAt(double.url),
    received: () => arrived,
    behave: (how) => {
      behaviour = how;
    },
    close: double.close,
  };
}

const textOf = (body: string): string =>
  body.startsWith('{')
    ? (JSON.parse(body) as { text: string }).text
    : (new URLSearchParams(body).get('Message') ?? '');

const snsAnswer = (body: string): Answer =>
  body.includes('Action=Publish')
    ? snsXml('Publish', '<MessageId>567910cd-659e-55d4-8ccb-5aaf14679dc0</MessageId>')
    : snsXml(
        'GetTopicAttributes',
        `<Attributes>${entry('SubscriptionsConfirmed', '1')}${entry('SubscriptionsPending', '2')}</Attributes>`,
      );

const entry = (key: string, value: string): string =>
  `<entry><key>${key}</key><value>${value}</value></entry>`;

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';

const snsXml = (action: string, result: string): Answer => ({
  status: 200,
  headers: { 'content-type': 'text/xml' },
  body: `<${action}Response xmlns="${NAMESPACE}"><${action}Result>${result}</${action}Result></${action}Response>`,
});

const snsError = (status: number, code: string): Answer => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body: `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${code}</Message></Error></ErrorResponse>`,
});
