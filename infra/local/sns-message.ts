import * as z from 'zod';
import { ApiError } from './service.ts';

const MAX_BYTES = 262_144;

const text = z.string();

/** What Publish is asked to do. */
export const publishInput = z.object({
  TopicArn: text.optional(),
  TargetArn: text.optional(),
  Message: text,
  Subject: text.optional(),
  MessageStructure: text.optional(),
  MessageAttributes: z.record(text, z.object({ DataType: text, StringValue: text.optional() })).optional(),
});

/**
 * Checks a message as SNS does and answers the text for each protocol
 * (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html).
 */
export function messageBodies(request: z.infer<typeof publishInput>): (protocol: string) => string {
  const { Message: message, Subject: subject } = request;
  if (message === '') throw invalidParameter('Empty message');
  const attributes = Object.entries(request.MessageAttributes ?? {});
  const attributeBytes = attributes.map(([name, { DataType, StringValue = '' }]) =>
    Buffer.byteLength(name + DataType + StringValue),
  );
  const bytes = attributeBytes.reduce((sum, size) => sum + size, Buffer.byteLength(message));
  if (bytes > MAX_BYTES) throw invalidParameter('Message too long');
  if (subject !== undefined && (subject === '' || subject.length > 99 || /\p{Cc}/u.test(subject))) {
    throw invalidParameter('Subject');
  }
  for (const [name, { DataType, StringValue }] of attributes) {
    if (!/^(String|Number|Binary)(\.|$)/.test(DataType) || (StringValue ?? '') === '') {
      throw new ApiError(
        'ParameterValueInvalid',
        `The message attribute '${name}' must contain a non-empty value.`,
        {
          shape: 'InvalidParameterValueException',
        },
      );
    }
  }
  if (request.MessageStructure === undefined) return () => message;
  if (request.MessageStructure !== 'json') throw invalidParameter('MessageStructure');
  const bodies = parseStructure(message);
  const { default: fallback } = bodies;
  if (typeof fallback !== 'string')
    throw invalidParameter('Message Structure - No default entry in JSON message body');
  return (protocol) => {
    const body = bodies[protocol];
    return typeof body === 'string' ? body : fallback;
  };
}

function parseStructure(message: string): {
  readonly default?: unknown;
  readonly [protocol: string]: unknown;
} {
  try {
    const parsed: unknown = JSON.parse(message);
    if (typeof parsed === 'object' && parsed !== null) return { ...parsed };
  } catch {
    // Answered below like any other message that is no JSON object.
  }
  throw invalidParameter('Message Structure - JSON message body failed to parse');
}

/** The error SNS answers a wrong parameter with. */
export const invalidParameter = (what: string): ApiError =>
  new ApiError('InvalidParameter', `Invalid parameter: ${what}`, { shape: 'InvalidParameterException' });
