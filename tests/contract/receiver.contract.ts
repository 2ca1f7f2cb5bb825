import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Receiver } from '../../shared/app/ports.ts';
import {
  aDrill,
  aGroup,
  aMessage,
  aNotice,
  aResolvedMessage,
  someNoticeFacts,
} from '../support/a-message.ts';

/** How the other side misbehaves. */
export type Misbehaviour = 'throttles' | 'fails' | 'isGone' | 'doesNotAnswer';

/** A receiver and a view of what reached the people behind it. */
export interface ReceiverHarness {
  readonly receiver: Receiver;
  /** Texts that arrived, oldest first. */
  received(): readonly string[];
  /** The other side misbehaves from now on, or no longer. */
  behave(how: Misbehaviour | 'well'): void;
  close(): Promise<void>;
}

/** What every receiver promises to the use case that sends. */
export function receiverContract(name: string, start: () => Promise<ReceiverHarness>): void {
  describe(`receiver contract: ${name}`, () => {
    let harness: ReceiverHarness;

    beforeEach(async () => {
      harness = await start();
    });
    afterEach(() => harness.close());

    it('delivers a message once and proves it', async () => {
      const outcome = await harness.receiver.send(aMessage());

      expect(outcome).toMatchObject({ kind: 'sent', proof: expect.stringMatching(/\S/) });
      expect(harness.received()).toHaveLength(1);
      expect(harness.received()[0]).toContain('lake-etl prod eu-central-1: +$14.6/h, 48x, 7% of quota');
    });

    it.each([
      ['opened', aMessage()],
      ['escalated', aMessage({ reason: 'escalated' })],
      ['updated', aMessage({ reason: 'updated' })],
      ['reminder', aMessage({ reason: 'reminder' })],
      ['resolved', aResolvedMessage()],
      ['group', aGroup(30)],
      ['drill', aDrill()],
      ['digest', aNotice(someNoticeFacts.digest)],
      ['weekly report', aNotice(someNoticeFacts.weekly)],
    ])('delivers %s', async (_, message) => {
      const outcome = await harness.receiver.send(message);

      expect(outcome.kind).toBe('sent');
      const isSplit = message.kind === 'group' && !harness.receiver.groups;
      expect(harness.received()).toHaveLength(isSplit ? message.items.length : 1);
    });

    it('delivers what follows to a message, with the reference it gave and with one it did not', async () => {
      const opened = await harness.receiver.send(aMessage());
      const reference = opened.kind === 'sent' ? opened.reference : undefined;

      const escalated = await harness.receiver.send(aMessage({ reason: 'escalated' }), reference);
      const resolved = await harness.receiver.send(aResolvedMessage(), 'no reference of ours');

      expect([escalated.kind, resolved.kind]).toEqual(['sent', 'sent']);
      expect(harness.received().some((text) => /over\s+after/.test(text))).toBe(true);
    });

    it('delivers messages about keys whose names are hostile', async () => {
      const aliases = [`alias/<!here> \u0000\n\r\u202E\uD800 "'\`$(rm -rf)${'&'.repeat(5000)}`];

      const outcome = await harness.receiver.send(
        aMessage({ key: { aliases, description: aliases.join('') } }),
      );

      expect(outcome.kind).toBe('sent');
    });

    it.each(['throttles', 'fails', 'doesNotAnswer'] as const)(
      'asks for another try if the other side %s, and delivers then',
      async (misbehaviour) => {
        harness.behave(misbehaviour);

        const first = await harness.receiver.send(aMessage());

        expect(first).toMatchObject({ kind: 'retry', reason: expect.stringMatching(/\S/) });
        expect(harness.received()).toEqual([]);

        harness.behave('well');
        const second = await harness.receiver.send(aMessage());

        expect(second.kind).toBe('sent');
        expect(harness.received()).toHaveLength(1);
      },
    );

    it('says that a message is refused, and why, if the other side is gone', async () => {
      harness.behave('isGone');

      const outcome = await harness.receiver.send(aMessage());

      expect(outcome).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/\S/) });
      expect(harness.received()).toEqual([]);
    });
  });
}
