import type { ReceiverFinding } from '../../domain/doctor/finding.ts';
import type { Receiver } from '../ports.ts';

/** Whether each receiver could be reached, without sending anything. That it takes a message only `test-alert` can prove. */
export const examineReceivers = (receivers: readonly Receiver[]): Promise<ReceiverFinding[]> =>
  Promise.all(
    receivers.map(async (receiver): Promise<ReceiverFinding> => {
      const finding = (verdict: ReceiverFinding['verdict'], evidence: string) => ({
        receiver: receiver.name,
        verdict,
        evidence,
      });
      const trouble = await receiver.credentialTrouble?.();
      if (trouble !== undefined) return finding('notReady', trouble);
      const subscriptions = await receiver.subscriptions?.();
      if (typeof subscriptions === 'string')
        return finding('unknown', `subscriptions not told: ${subscriptions}`);
      if (subscriptions) {
        const { confirmed, pending } = subscriptions;
        const evidence = `subscriptions: ${confirmed} confirmed, ${pending} pending`;
        return confirmed > 0
          ? finding('ready', evidence)
          : finding(
              'notReady',
              `${evidence}: nobody hears; ${pending > 0 ? 'click the link in the email from SNS' : 'subscribe an address to the topic'}`,
            );
      }
      return receiver.credentialTrouble
        ? finding('ready', 'its secret can be read and is well formed')
        : finding('unknown', 'nothing to look at without sending: test-alert sends a drill');
    }),
  );
