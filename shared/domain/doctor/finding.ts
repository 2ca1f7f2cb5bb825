/** What a question about AWS came to: as the detector assumes, otherwise, or not to be told from here. */
export type Verdict = 'asAssumed' | 'differs' | 'unknown';

/** What was found, and by what. */
export interface Answer {
  readonly verdict: Verdict;
  /** What was seen, in one sentence, with numbers; for `unknown` why nothing could be seen. */
  readonly evidence: string;
}

/** One thing that the documentation of AWS leaves open, and what this account says to it. */
export interface Finding extends Answer {
  readonly id: string;
  readonly question: string;
  readonly assumed: string;
  /** Only with `differs`: what it means for the detector, and what to do. */
  readonly consequence?: string;
}

/** One statement of an IAM policy: paste it into the role's policy. */
export interface IamStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string;
}

/** Whether a call that the detector makes is allowed to whoever asked. */
export interface PermissionFinding {
  readonly action: string;
  readonly verdict: 'allowed' | 'denied' | 'unknown';
  readonly evidence: string;
  /** Only with `denied`. */
  readonly statement?: IamStatement;
}

/** Whether a receiver could be reached, as far as that can be told without sending. */
export interface ReceiverFinding {
  readonly receiver: string;
  readonly verdict: 'ready' | 'notReady' | 'unknown';
  readonly evidence: string;
}

/** A request quota that keys share, in requests per second. */
export interface QuotaFinding {
  readonly group: string;
  readonly perSecond: number;
  /** True: the documented default, because none was found. */
  readonly assumed: boolean;
}

/** The clock of whoever asked, against AWS's. */
export interface ClockFinding {
  readonly verdict: 'right' | 'wrong' | 'unknown';
  readonly evidence: string;
}

/** Everything that was found out about an account and Region. */
export interface DoctorReport {
  readonly asOf: string;
  readonly region: string;
  readonly findings: readonly Finding[];
  readonly permissions: readonly PermissionFinding[];
  readonly receivers: readonly ReceiverFinding[];
  readonly quotas: readonly QuotaFinding[];
  readonly clock: ClockFinding;
  /** What the questions cost: calls by IAM action, metrics that CloudWatch bills, dollars. */
  readonly cost: {
    readonly calls: Readonly<Record<string, number>>;
    readonly metricsRequested: number;
    readonly usd: number;
    readonly seconds: number;
  };
}

/** How many things somebody should look at: what differs, is denied, not ready or wrong. */
export const attentionsOf = ({ findings, permissions, receivers, clock }: DoctorReport): number =>
  findings.filter(({ verdict }) => verdict === 'differs').length +
  permissions.filter(({ verdict }) => verdict === 'denied').length +
  receivers.filter(({ verdict }) => verdict === 'notReady').length +
  (clock.verdict === 'wrong' ? 1 : 0);
