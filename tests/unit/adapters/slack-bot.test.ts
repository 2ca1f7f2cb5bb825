import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalAws, startLocalAws } from '../../../infra/local/server.ts';
import { SlackReceiver } from '../../../shared/adapters/slack/slack-receiver.ts';
import type { SendOutcome } from '../../../shared/app/ports.ts';
import { aGroup, aMessage, aResolvedMessage } from '../../support/a-message.ts';

describe('SlackReceiver with a bot', () => {
  let aws: LocalAws;
  let channel: string;
  let forgotten: number;

  beforeEach(async () => {
    aws = await startLocalAws();
    channel = aws.slackApi.channel;
    forgotten = 0;
  });
  afterEach(() => aws.close());

  const receiver = (botToken = aws.slackApi.botToken) =>
    new SlackReceiver({
      credentials: () => Promise.resolve({ kind: 'bot', botToken, channel }),
      onRefused: () => {
        forgotten++;
      },
      apiUrl: aws.slackApi.apiUrl,
    });

  const referenceOf = (outcome: SendOutcome): string =>
    outcome.kind === 'sent' ? (outcome.reference ?? '') : '';
  const messages = () => [...aws.slackApi.messages.values()];
  const first = (text: string | undefined) => text?.split(' ')[0];

  it('posts an opening and says where it is', async () => {
    const outcome = await receiver().send(aMessage());

    const [{ ts } = { ts: '' }] = messages();
    expect(outcome).toEqual({
      kind: 'sent',
      proof: `Slack message ${ts} in ${channel}`,
      reference: `${channel} ${ts}`,
    });
  });

  it('edits the message as the incident goes on, and tells each step in its thread', async () => {
    const reference = referenceOf(await receiver().send(aMessage()));

    const escalated = await receiver().send(aMessage({ reason: 'escalated' }), reference);
    const updated = await receiver().send(aMessage({ reason: 'updated' }), referenceOf(escalated));
    const resolved = await receiver().send(aResolvedMessage(), referenceOf(updated));
    const back = await receiver().send(aMessage(), referenceOf(resolved));

    const [opening, ...replies] = messages();
    expect(referenceOf(back)).toBe(reference);
    expect(opening).toMatchObject({ edits: 4, threadTs: undefined });
    expect(first(opening?.text)).toBe('PAGE');
    expect(replies.map(({ text, threadTs, isBroadcast }) => [first(text), threadTs, isBroadcast])).toEqual([
      // An edit rings no bell, so what has got worse, or is back, is shown in the channel as well.
      ['PAGE', opening?.ts, true],
      ['PAGE', opening?.ts, false],
      ['RESOLVED', opening?.ts, false],
      ['PAGE', opening?.ts, true],
    ]);
  });

  it('posts anew if the message is gone', async () => {
    const reference = referenceOf(await receiver().send(aMessage()));
    aws.slackApi.remove(reference.split(' ')[1] ?? '');

    const outcome = await receiver().send(aMessage({ reason: 'escalated' }), reference);

    expect(messages()).toMatchObject([{ threadTs: undefined }]);
    expect(referenceOf(outcome)).toBe(`${channel} ${messages()[0]?.ts}`);
  });

  it.each(['cant_update_message', 'edit_window_closed'])('posts anew after %s', async (code) => {
    const reference = referenceOf(await receiver().send(aMessage()));
    aws.faults.add({ service: 'slackApi', action: 'chat.update', error: { code, status: 200 } });

    await receiver().send(aResolvedMessage(), reference);

    expect(messages()).toMatchObject([
      { edits: 0, threadTs: undefined },
      { edits: 0, threadTs: undefined },
    ]);
  });

  it('posts anew if the secret names another channel by now', async () => {
    const reference = referenceOf(await receiver().send(aMessage()));
    channel = 'C0OTHER0000';
    aws.slackApi.addChannel(channel, { member: true });

    const outcome = await receiver().send(aResolvedMessage(), reference);

    expect(referenceOf(outcome)).toMatch(/^C0OTHER0000 /);
  });

  it('does not edit a message about several keys for one of them, but answers in its thread', async () => {
    const reference = referenceOf(await receiver().send(aGroup(3)));

    const outcome = await receiver().send(aResolvedMessage(), reference);

    const [group, reply] = messages();
    expect(group?.edits).toBe(0);
    expect(reply?.threadTs).toBe(group?.ts);
    expect(referenceOf(outcome)).toBe(reference);
  });

  it('repeats the edit if only the reply failed', async () => {
    const reference = referenceOf(await receiver().send(aMessage()));
    aws.faults.add({ service: 'slackApi', action: 'chat.postMessage', error: 'InternalFailure' });

    const outcome = await receiver().send(aResolvedMessage(), reference);
    const again = await receiver().send(aResolvedMessage(), reference);

    expect([outcome.kind, again.kind]).toEqual(['retry', 'sent']);
    expect(messages()).toMatchObject([{ edits: 2 }, { edits: 0 }]);
  });

  it('waits as long as Slack asks for', async () => {
    aws.slackApi.limitRate = true;
    await receiver().send(aMessage());

    expect(await receiver().send(aMessage())).toEqual({
      kind: 'retry',
      reason: 'Slack asks to wait (429)',
      afterSeconds: 1,
    });
  });

  it.each(['msg_too_long', 'invalid_blocks', 'msg_blocks_too_long'])(
    'sends the message without blocks after %s, an edit included',
    async (code) => {
      const reference = referenceOf(await receiver().send(aMessage()));
      for (const action of ['chat.update', 'chat.postMessage']) {
        aws.faults.add({ service: 'slackApi', action, error: { code, status: 200 } });
      }

      const outcome = await receiver().send(aResolvedMessage(), reference);

      expect(outcome.kind).toBe('sent');
      expect(messages().map(({ blocks }) => blocks)).toEqual([[], []]);
    },
  );

  it.each([
    ['invalid_auth', /the bot token is not valid/, 1],
    ['token_revoked', /the bot token has been revoked/, 1],
    ['missing_scope', /chat:write/, 1],
    ['channel_not_found', /no such channel, or it is private/, 1],
    ['not_in_channel', /invite the bot to the channel/, 1],
    ['is_archived', /has been archived/, 1],
    ['restricted_action', /an administrator/, 0],
    ['a_new_word', /^Slack refuses \(a_new_word\)$/, 0],
  ])('takes %s for a refusal, and says what to do', async (code, reason, times) => {
    aws.faults.add({ service: 'slackApi', error: { code, status: 200 }, times: 'always' });

    expect(await receiver().send(aMessage())).toEqual({
      kind: 'refused',
      reason: expect.stringMatching(reason),
    });
    expect(forgotten).toBe(times);
  });

  it.each([['ratelimited'], ['internal_error'], ['fatal_error']])(
    'asks for another try after %s',
    async (code) => {
      aws.faults.add({ service: 'slackApi', error: { code, status: 200 } });

      expect((await receiver().send(aMessage())).kind).toBe('retry');
    },
  );

  it('is refused by Slack itself with a wrong token, and never repeats it', async () => {
    const outcome = await receiver('xoxb-sEcReT').send(aMessage());

    expect(outcome.kind).toBe('refused');
    expect(JSON.stringify(outcome)).not.toContain('sEcReT');
  });
});
