import { describe, expect, it } from 'vitest';
import { MemoryReceiver } from '../../../shared/adapters/memory/memory-receiver.ts';
import { aMessage } from '../../support/a-message.ts';

describe('MemoryReceiver', () => {
  it('fails as often as it is told, then works again', async () => {
    const receiver = new MemoryReceiver({ name: 'slack' });
    receiver.failWith({ kind: 'retry', reason: 'later' }, 2);

    const kinds = [];
    for (let i = 0; i < 3; i++) kinds.push((await receiver.send(aMessage())).kind);

    expect(kinds).toEqual(['retry', 'retry', 'sent']);
    expect(receiver.messages).toEqual([aMessage()]);
  });

  it('takes a message that has no audience', async () => {
    const receiver = new MemoryReceiver();
    receiver.failWith({ kind: 'noAudience', reason: 'nobody', proof: 'id' });

    expect((await receiver.send(aMessage())).kind).toBe('noAudience');
    expect(receiver.messages).toHaveLength(1);
  });

  it('says where a message is if it is told to, and what it came with', async () => {
    const receiver = new MemoryReceiver({ references: true });

    const outcome = await receiver.send(aMessage(), 'at 7');

    expect(outcome).toMatchObject({ kind: 'sent', reference: 'at 1' });
    expect(receiver.earlier).toEqual(['at 7']);
  });
});
