import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { LocalClock } from './clock.ts';
import { parseInput } from './input.ts';
import { seedOf, uuid } from './random.ts';
import { ApiError, type Service } from './service.ts';
import { invalidParameter, messageBodies, publishInput } from './sns-message.ts';
import type { World } from './world.ts';

/** A message that was published to a topic. */
interface PublishedMessage {
  readonly messageId: string;
  readonly topicArn: string;
  readonly at: number;
  readonly subject: string | undefined;
  readonly message: string;
  readonly messageStructure: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
  /** Who got it, and the text that is meant for them. */
  readonly deliveries: readonly {
    readonly protocol: string;
    readonly endpoint: string;
    readonly body: string;
  }[];
}

interface Subscription {
  readonly arn: string;
  readonly protocol: string;
  readonly endpoint: string;
  confirmed: boolean;
}

/** The embedded SNS, for tests and the demo to reach into. */
export interface LocalSns {
  /** Everything published, oldest first. */
  readonly messages: PublishedMessage[];
  createTopic(name: string, attributes?: Readonly<Record<string, string>>): string;
  /** Subscribes somebody who has already confirmed, unless told otherwise. */
  subscribe(topicArn: string, protocol: string, endpoint: string, confirmed?: boolean): void;
  /** Clicks the link in the email that SNS sends to a new subscriber. */
  confirm(endpoint: string): void;
}

interface Topic {
  readonly arn: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly subscriptions: Subscription[];
}

const text = z.string();
const topicInput = z.object({ TopicArn: text });
const subscribeInput = z.object({ TopicArn: text, Protocol: text, Endpoint: text.optional() });
const createTopicInput = z.object({ Name: text, Attributes: z.record(text, text).optional() });
/** SNS: topics, subscriptions and a mailbox (https://docs.aws.amazon.com/sns/latest/api/welcome.html). */
export function createSns(world: World, clock: LocalClock): { service: Service; sns: LocalSns } {
  const topics = new Map<string, Topic>();
  const messages: PublishedMessage[] = [];

  const createTopic = (
    name: string,
    attributes: Readonly<Record<string, string>> = {},
    region = world.region,
  ): string => {
    if (!/^[\w-]{1,256}(\.fifo)?$/.test(name)) throw invalidParameter('Topic Name');
    const arn = `arn:aws:sns:${region}:${world.accountId}:${name}`;
    if (!topics.has(arn)) topics.set(arn, { arn, attributes, subscriptions: [] });
    return arn;
  };
  const topicOf = (arn: string): Topic => {
    if (!/^arn:aws:sns:[a-z0-9-]+:\d{12}:[\w.-]+$/.test(arn)) throw invalidParameter('TopicArn');
    const topic = topics.get(arn);
    if (!topic)
      throw new ApiError('NotFound', 'Topic does not exist', { status: 404, shape: 'NotFoundException' });
    return topic;
  };
  const subscribe = (
    topicArn: string,
    protocol: string,
    endpoint: string,
    confirmed: boolean,
  ): Subscription => {
    const topic = topicOf(topicArn);
    const known = topic.subscriptions.find((one) => one.protocol === protocol && one.endpoint === endpoint);
    const subscription = known ?? { arn: `${topicArn}:${randomUUID()}`, protocol, endpoint, confirmed };
    if (!known) topic.subscriptions.push(subscription);
    return subscription;
  };

  const sns: LocalSns = {
    messages,
    createTopic: (name, attributes) => createTopic(name, attributes),
    subscribe(topicArn, protocol, endpoint, confirmed = true) {
      subscribe(topicArn, protocol, endpoint, confirmed);
    },
    confirm(endpoint) {
      for (const subscription of [...topics.values()].flatMap((topic) => topic.subscriptions)) {
        if (subscription.endpoint === endpoint) subscription.confirmed = true;
      }
    },
  };

  const service: Service = {
    name: 'sns',
    xmlNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
    actions: {
      CreateTopic(input, { region }) {
        const { Name, Attributes } = parseInput(createTopicInput, input);
        return { TopicArn: createTopic(Name, Attributes, region) };
      },
      Subscribe(input) {
        const { TopicArn, Protocol, Endpoint = '' } = parseInput(subscribeInput, input);
        if (!PROTOCOLS.has(Protocol))
          throw invalidParameter(`Amazon SNS does not support this protocol string: ${Protocol}`);
        // Other services of the account need not confirm, people and web addresses must.
        const { arn, confirmed } = subscribe(
          TopicArn,
          Protocol,
          Endpoint,
          ['sqs', 'lambda', 'firehose', 'sms'].includes(Protocol),
        );
        const showArn = confirmed || input['ReturnSubscriptionArn'] === 'true';
        return { SubscriptionArn: showArn ? arn : 'pending confirmation' };
      },
      GetTopicAttributes(input) {
        return { Attributes: attributesOf(topicOf(parseInput(topicInput, input).TopicArn), world) };
      },
      ListSubscriptionsByTopic(input) {
        const topic = topicOf(parseInput(topicInput, input).TopicArn);
        const subscriptions = topic.subscriptions.map(({ arn, protocol, endpoint, confirmed }) => ({
          SubscriptionArn: confirmed ? arn : 'PendingConfirmation',
          Owner: world.accountId,
          Protocol: protocol,
          Endpoint: endpoint,
          TopicArn: topic.arn,
        }));
        return { Subscriptions: subscriptions };
      },
      Publish(input) {
        const request = parseInput(publishInput, input);
        const topic = topicOf(request.TopicArn ?? request.TargetArn ?? '');
        const bodyFor = messageBodies(request);
        const listeners = topic.subscriptions.filter(({ confirmed }) => confirmed);
        const messageId = uuid(seedOf(topic.arn, messages.length));
        messages.push({
          messageId,
          topicArn: topic.arn,
          at: clock.now(),
          subject: request.Subject,
          message: request.Message,
          messageStructure: request.MessageStructure,
          attributes: Object.fromEntries(
            Object.entries(request.MessageAttributes ?? {}).map(([name, { StringValue = '' }]) => [
              name,
              StringValue,
            ]),
          ),
          deliveries: listeners.map(({ protocol, endpoint }) => ({
            protocol,
            endpoint,
            body: bodyFor(protocol),
          })),
        });
        return { MessageId: messageId };
      },
    },
    resource({ input }) {
      const arn = input['TopicArn'] ?? input['TargetArn'];
      return typeof arn === 'string' ? arn : undefined;
    },
  };
  return { service, sns };
}

const PROTOCOLS = new Set([
  'email',
  'email-json',
  'sms',
  'sqs',
  'lambda',
  'http',
  'https',
  'firehose',
  'application',
]);

function attributesOf(topic: Topic, world: World): Record<string, string> {
  const confirmed = topic.subscriptions.filter((subscription) => subscription.confirmed).length;
  return {
    TopicArn: topic.arn,
    Owner: world.accountId,
    DisplayName: '',
    SubscriptionsConfirmed: String(confirmed),
    SubscriptionsPending: String(topic.subscriptions.length - confirmed),
    SubscriptionsDeleted: '0',
    ...topic.attributes,
  };
}
