import type { MessageOrigin } from '../domain/incident/message.ts';
import type { DetectPorts } from './detect-request.ts';

/** Whether a receiver works: what it said to a marked drill. */
export interface ReceiverProof {
  readonly receiver: string;
  readonly outcome: 'sent' | 'noAudience' | 'retry' | 'refused';
  /** What the receiver answered: Slack's `ok`, SNS's MessageId, PagerDuty's dedup_key. */
  readonly proof?: string;
  readonly reason?: string;
}

/** What came of a drill. That a person read the message cannot be proven, and is not claimed. */
export interface TestAlertReport {
  readonly id: string;
  readonly receivers: readonly ReceiverProof[];
}

/** Sends a marked drill through every receiver. */
export async function testAlert(
  { receivers, clock }: Pick<DetectPorts, 'receivers' | 'clock'>,
  origin: MessageOrigin,
  runId: string,
): Promise<TestAlertReport> {
  const at = clock.now();
  const id = `drill-${runId}`;
  const proofs = await Promise.all(
    receivers.map(async (receiver): Promise<ReceiverProof> => {
      const outcome = await receiver.send({ kind: 'drill', origin, at, id });
      return {
        receiver: receiver.name,
        outcome: outcome.kind,
        ...('proof' in outcome ? { proof: outcome.proof } : {}),
        ...('reason' in outcome ? { reason: outcome.reason } : {}),
      };
    }),
  );
  return { id, receivers: proofs };
}
