import {
  EventBridgeClient,
  EventBridgeServiceException,
  PutEventsCommand,
} from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { EventBridgeReceiver } from '../../../shared/adapters/aws/eventbridge-receiver.ts';
import { renderEvent } from '../../../shared/render/event.ts';
import { aDrill, aGroup, aMessage, LAKE_KEY } from '../../support/a-message.ts';

const client = new EventBridgeClient({ region: 'eu-central-1' });
const events = mockClient(client);

const failure = (name: string, httpStatusCode?: number) =>
  new EventBridgeServiceException({
    name,
    message: 'because',
    $fault: 'client',
    $metadata: httpStatusCode === undefined ? {} : { httpStatusCode },
  });

describe('EventBridgeReceiver', () => {
  const receiver = new EventBridgeReceiver(client, 'kms');

  beforeEach(() => {
    events.reset();
    events.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: 'id-1' }] });
  });

  const entries = () =>
    events.commandCalls(PutEventsCommand).flatMap(({ args: [{ input }] }) => input.Entries);

  it('hears of pages and notices, one by one', () => {
    expect(receiver).toMatchObject({ name: 'event', severities: ['page', 'notice'], groups: false });
  });

  it('puts the event on the bus with what rules match by', async () => {
    const outcome = await receiver.send(aMessage());

    expect(outcome).toEqual({
      kind: 'sent',
      proof: 'EventId id-1 for the bus kms; who reads it is not known',
    });
    expect(entries()).toEqual([
      {
        EventBusName: 'kms',
        Source: 'kms-runaway-detector',
        DetailType: 'KMS usage incident',
        Time: new Date('2026-11-25T02:18:00Z'),
        Resources: [LAKE_KEY],
        Detail: JSON.stringify(renderEvent(aMessage())[0]),
      },
    ]);
  });

  it('sends a drill without a key, and several keys as several events', async () => {
    await receiver.send(aDrill());
    await receiver.send(aGroup(12));

    expect(entries()).toHaveLength(13);
    expect(entries()[0]).toMatchObject({ Resources: [] });
  });

  it.each([
    ['ThrottlingException', 'retry', /ThrottlingException/],
    ['InternalFailure', 'retry', /InternalFailure/],
    ['NotAuthorizedForSourceException', 'refused', /may not put events on the bus kms/],
    ['InvalidArgument', 'refused', /EventBridge refuses the event \(InvalidArgument: because\)/],
    [undefined, 'refused', /no EventId/],
  ] as const)('sees that an entry has failed: %s', async (ErrorCode, kind, reason) => {
    events.on(PutEventsCommand).resolves({
      FailedEntryCount: 1,
      Entries: [{ ...(ErrorCode === undefined ? {} : { ErrorCode }), ErrorMessage: 'because' }],
    });

    expect(await receiver.send(aMessage())).toEqual({ kind, reason: expect.stringMatching(reason) });
  });

  it.each([
    ['TimeoutError', undefined, 'retry'],
    ['InternalException', 500, 'retry'],
    ['ThrottlingException', 400, 'retry'],
    ['ExpiredTokenException', 400, 'retry'],
    ['AccessDeniedException', 400, 'refused'],
    ['ResourceNotFoundException', 400, 'refused'],
    ['ValidationException', 400, 'refused'],
  ])('tells what passes from what somebody has to mend: %s %s', async (name, status, kind) => {
    events.on(PutEventsCommand).rejects(failure(name, status));

    expect(await receiver.send(aMessage())).toEqual({ kind, reason: expect.stringContaining(name) });
  });
});
