import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { EventBridgeReceiver } from '../../shared/adapters/aws/eventbridge-receiver.ts';
import type { Receiver } from '../../shared/app/ports.ts';
import { ownClient } from './places.ts';

/** The receiver for a bus. A part of the composition of its own, so that its client is a chunk that is loaded by need. */
export const openEventBus = (region: string, busName: string): Receiver =>
  new EventBridgeReceiver(new EventBridgeClient(ownClient(region)), busName);
