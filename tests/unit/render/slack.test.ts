import type { KnownBlock } from '@slack/types';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../../shared/domain/incident/message.ts';
import { renderSlack, renderSlackText } from '../../../shared/render/slack.ts';
import { aGroup, aLimit, aMessage, aResolvedMessage } from '../../support/a-message.ts';

/** The blocks as text, one paragraph each; links by their labels. */
const shown = (message: Message): string => `\n${renderSlack(message).blocks.map(shownBlock).join('\n\n')}\n`;

function shownBlock(block: KnownBlock): string {
  const texts = JSON.stringify(block).matchAll(/"text":"((?:[^"\\]|\\.)*)"/g);
  const body = Array.from(texts, ([, text = '']) => JSON.parse(`"${text}"`) as string).join('\n');
  return `[${block.type}]\n${body.replace(/<https:[^|]*\|([^>]*)>/g, '<$1>').replace(/```.*```/g, '```(command)```')}`;
}

describe('renderSlack', () => {
  it('lays an opening out in blocks', () => {
    expect(shown(aMessage({ facts: { thresholds: [aLimit()] } }))).toMatchInlineSnapshot(`
      "
      [header]
      PAGE lake-etl prod eu-central-1: +$14.6/h, 48x, 7% of quota

      [section]
      Decrypt: 1.24 M requests 02:00-02:15 UTC (03:00 Berlin), usually 25,900.
      Steady now.

      [section]
      \`▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁███\`  last 3 h, highest 427,000 requests in 5 min

      [section]
      *Cost*
      $3.65 extra so far; $14.6 an hour, $350 a day, $10,700 a month if it goes on.
      *Trail*
      If a second CloudTrail trail of the account logs KMS events, that costs another $97.1 an hour.
      *Quota*
      The surge takes 7% of the 20,000 requests/s in eu-central-1, all keys together 31%. No throttling expected.
      *Limit*
      Over the fixed limit "etl-budget": 612,000 requests ($1.84) in 1 h up to Wed 25 Nov 02:15 UTC (03:15 Berlin).
      *Key*
      alias/lake-etl

      [context]
      *Assumed:* AWS list prices (us-east-1, 2026-11); the Region's documented quota (this account's own may be higher).
      *Not known:* who is calling (the CloudTrail link shows calls about 15 min after they are made).

      [section]
      <Graph in CloudWatch>  |  <Callers in CloudTrail>  |  <Key in the KMS console>

      [section]
      *I have it: no more reminders* (paste into a shell)
      \`\`\`(command)\`\`\`

      [section]
      *Check now* (paste into a shell)
      \`\`\`(command)\`\`\`

      [section]
      *Mute the key for 7 days* (paste into a shell)
      \`\`\`(command)\`\`\`

      [section]
      *Accept this level for good (cannot be undone)* (paste into a shell)
      \`\`\`(command)\`\`\`

      [context]
      \`arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab\`
      Incident kms-20261125T0200-8wbo91rw, message 1, Wed 25 Nov 2026 02:18 UTC (03:18 Berlin)
      "
    `);
  });

  it('lays out what is over', () => {
    expect(shown(aResolvedMessage())).toMatchInlineSnapshot(`
      "
      [header]
      RESOLVED lake-etl prod eu-central-1: over after 3 h 25 min, $41.2 extra, peak $15.1/h, 51x

      [section]
      Back to the usual since Wed 25 Nov 05:25 UTC (06:25 Berlin).
      It began Wed 25 Nov 02:00 UTC (03:00 Berlin) and lasted 3 h 25 min. Operations: Decrypt.

      [section]
      *Total*
      $41.2 and 13.7 M requests above the usual.
      *Peak*
      +$15.1 an hour, 51x the usual, told as PAGE.
      *Key*
      alias/lake-etl

      [context]
      *Assumed:* AWS list prices (us-east-1, 2026-11); the Region's documented quota (this account's own may be higher).
      *Not known:* who called (the CloudTrail link shows calls about 15 min after they are made).

      [section]
      <Graph in CloudWatch>  |  <Callers in CloudTrail>  |  <Key in the KMS console>

      [context]
      \`arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab\`
      Incident kms-20261125T0200-8wbo91rw, message 3, Wed 25 Nov 2026 07:03 UTC (08:03 Berlin)
      "
    `);
  });

  it('lays out many keys', () => {
    expect(shown(aGroup(9))).toMatchInlineSnapshot(`
      "
      [header]
      PAGE 9 keys prod eu-central-1: +$41.3/h, most by job-1

      [section]
      9 keys need a look at the same time. The worst come first.

      [section]
      *Cost*
      $32.8 extra so far; $41.3 an hour, $991 a day, $30,200 a month if it goes on.
      *Quota*
      The surge takes 63% of the 20,000 requests/s in eu-central-1, all keys together 31%. No throttling expected.

      [section]
      *PAGE job-1: +$14.6/h, 48x, 7% of quota*
      Decrypt: 1.24 M requests, usually 25,900.
      Incident kms-20261125T0200-2gnq4jrb, message 1
      <Graph in CloudWatch>

      [section]
      *PAGE job-2: +$7.30/h, 48x, 7% of quota*
      Decrypt: 1.24 M requests, usually 25,900.
      Incident kms-20261125T0200-2gnq4xsf, message 1
      <Graph in CloudWatch>

      [section]
      *PAGE job-3: +$4.87/h, 48x, 7% of quota*
      Decrypt: 1.24 M requests, usually 25,900.
      Incident kms-20261125T0200-2gnq3rp3, message 1
      <Graph in CloudWatch>

      [section]
      *PAGE job-4: +$3.65/h, 48x, 7% of quota*
      Decrypt: 1.24 M requests, usually 25,900.
      Incident kms-20261125T0200-2gnq45q7, message 1
      <Graph in CloudWatch>

      [section]
      *PAGE job-5: +$2.92/h, 48x, 7% of quota*
      Decrypt: 1.24 M requests, usually 25,900.
      Incident kms-20261125T0200-2gnq63vr, message 1
      <Graph in CloudWatch>

      [section]
      *PAGE job-6: +$2.43/h, 48x, 7% of quota*
      Decrypt: 1.24 M requests, usually 25,900.
      Incident kms-20261125T0200-2gnq6hwv, message 1
      <Graph in CloudWatch>

      [section]
      *PAGE job-7: +$2.09/h, 48x, 7% of quota*
      Decrypt: 1.24 M requests, usually 25,900.
      Incident kms-20261125T0200-2gnq5btj, message 1
      <Graph in CloudWatch>

      [section]
      *PAGE job-8: +$1.82/h, 48x, 7% of quota*
      Decrypt: 1.24 M requests, usually 25,900.
      Incident kms-20261125T0200-2gnq5pun, message 1
      <Graph in CloudWatch>

      [section]
      *and 1 more, +$1.62/h together*
      Others: job-9


      [context]
      *Assumed:* AWS list prices (us-east-1, 2026-11); the Region's documented quota (this account's own may be higher).
      *Not known:* who is calling (CloudTrail's event history of each key shows it).

      [section]
      *Check now* (paste into a shell)
      \`\`\`(command)\`\`\`

      [section]
      *List all incidents* (paste into a shell)
      \`\`\`(command)\`\`\`

      [context]
      9 incidents in one message, Wed 25 Nov 2026 02:18 UTC (03:18 Berlin)
      "
    `);
  });

  it('says on the phone what the first block says', () => {
    expect(renderSlack(aMessage()).text).toBe('PAGE lake-etl prod eu-central-1: +$14.6/h, 48x, 7% of quota');
  });

  it('cannot be made to ping, to link or to format by names', () => {
    const evil = '<!here> @channel <https://evil.example|click> *x* `y`\n>z';
    const message = aMessage({
      key: { aliases: [evil], description: evil },
      origin: { account: evil },
      facts: { thresholds: [aLimit({ name: evil })] },
    });

    const json = JSON.stringify(renderSlack(message));

    expect(json).not.toMatch(/<!|<@|<#|@channel|<https:\/\/evil|https:\/\/evil/);
    expect(json).toContain('&lt;!here&gt; ＠channel &lt;https[:]//evil[.]example|click&gt; ∗x∗');
  });

  it('switches off what Slack would make of plain text by itself', () => {
    const marked = JSON.stringify(renderSlack(aMessage()).blocks).match(/"type":"mrkdwn"/g) ?? [];
    const verbatim = JSON.stringify(renderSlack(aMessage()).blocks).match(/"verbatim":true/g) ?? [];

    expect(marked.length).toBeGreaterThan(0);
    expect(verbatim).toHaveLength(marked.length);
  });

  it('drops a command that does not fit rather than cut it', () => {
    const functionName = "'".repeat(170);
    const message = { ...aGroup(8), origin: { ...aGroup(8).origin, functionName } };
    const commands = JSON.stringify(renderSlack(message).blocks).match(/```/g) ?? [];

    expect(commands.length % 2).toBe(0);
  });
});

describe('renderSlackText', () => {
  it('says the same without blocks', () => {
    expect(
      renderSlackText(aMessage()).text.replace(/<https:[^|]*\|([^>]*)>/g, '<$1>'),
    ).toMatchInlineSnapshot(`
      "*PAGE lake-etl prod eu-central-1: +$14.6/h, 48x, 7% of quota*
      Decrypt: 1.24 M requests 02:00-02:15 UTC (03:00 Berlin), usually 25,900.
      Steady now.
      \`▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁███\`  last 3 h, highest 427,000 requests in 5 min
      *Cost:* $3.65 extra so far; $14.6 an hour, $350 a day, $10,700 a month if it goes on.
      *Trail:* If a second CloudTrail trail of the account logs KMS events, that costs another $97.1 an hour.
      *Quota:* The surge takes 7% of the 20,000 requests/s in eu-central-1, all keys together 31%. No throttling expected.
      *Key:* alias/lake-etl
      *Assumed:* AWS list prices (us-east-1, 2026-11); the Region's documented quota (this account's own may be higher).
      *Not known:* who is calling (the CloudTrail link shows calls about 15 min after they are made).
      <Graph in CloudWatch>
      <Callers in CloudTrail>
      <Key in the KMS console>
      Incident kms-20261125T0200-8wbo91rw, message 1, Wed 25 Nov 2026 02:18 UTC (03:18 Berlin)"
    `);
  });
});
