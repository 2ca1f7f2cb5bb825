import type { BacktestMessage } from '../../../shared/app/backtest.ts';
import type { Severity } from '../../../shared/domain/policy.ts';
import { HOUR_SECONDS } from '../../../shared/domain/usage/time.ts';
import type { MoneyLabels, MoneyRunaway } from '../world/labels.ts';

/** What became of one runaway. */
export interface RunawayOutcome {
  readonly kind: string;
  readonly usd: number;
  readonly peakUsdPerHour: number;
  readonly told: boolean;
  readonly paged: boolean;
  /** Dollars gone before the first notice; infinite if there was none. */
  readonly usdBefore: number;
  /** Minutes from its first bin to the first notice. */
  readonly minutes: number;
}

/** What the customer got out of the messages of one account. */
export interface MoneyVerdict {
  readonly outcomes: readonly RunawayOutcome[];
  readonly falseNotices: number;
  readonly falsePages: number;
  readonly messages: number;
  readonly busiestDay: number;
  /** Thousands of series times weeks: what false alarms are counted in. */
  readonly kiloSeriesWeeks: number;
}

type Message = Pick<BacktestMessage, 'at' | 'kind' | 'severity' | 'keyArns'>;

const RANK: Readonly<Record<Severity, number>> = { digest: 0, notice: 1, page: 2 };
const OPENING_KINDS: readonly Message['kind'][] = ['opened', 'escalated', 'group'];

const secondsOf = (iso: string): number => Date.parse(iso) / 1000;

/**
 * Judges what people would have been told: alerts inside a runaway of one of the message's keys, or up to an hour
 * later, are true; inside a tolerated period neutral; everywhere else false.
 */
export function judgeMessages(labels: MoneyLabels, messages: readonly Message[]): MoneyVerdict {
  const from = secondsOf(labels.judgeFrom);
  const judged = messages.filter(({ at }) => at >= from);
  const alerts = judged.filter(({ kind, keyArns }) => OPENING_KINDS.includes(kind) && keyArns.length > 0);
  const excused = new Map(
    labels.keys.map(({ keyArn, runaways, tolerated }) => [
      keyArn,
      [...runaways, ...tolerated].map(
        (one) => [secondsOf(one.from), secondsOf(one.to) + HOUR_SECONDS] as const,
      ),
    ]),
  );
  const isFalse = ({ at, keyArns }: Message) =>
    !keyArns.some((keyArn) => excused.get(keyArn)?.some(([a, b]) => at >= a && at <= b));
  const wrong = alerts.filter((alert) => RANK[alert.severity] >= RANK.notice && isFalse(alert));
  return {
    outcomes: labels.keys.flatMap(({ keyArn, runaways }) => {
      const heard = alerts.filter(({ keyArns }) => keyArns.includes(keyArn));
      return runaways.map((runaway) => outcomeOf(labels, runaway, heard));
    }),
    falseNotices: wrong.length,
    falsePages: wrong.filter(({ severity }) => severity === 'page').length,
    messages: judged.length,
    busiestDay: busiestDay(judged),
    kiloSeriesWeeks: ((secondsOf(labels.endsAt) - from) / (7 * 24 * HOUR_SECONDS)) * (labels.series / 1000),
  };
}

function outcomeOf(labels: MoneyLabels, runaway: MoneyRunaway, heard: readonly Message[]): RunawayOutcome {
  const from = secondsOf(runaway.from);
  const to = secondsOf(runaway.to) + HOUR_SECONDS;
  const first = (severity: Severity) =>
    heard.reduce(
      (earliest, message) =>
        RANK[message.severity] >= RANK[severity] && message.at >= from && message.at <= to
          ? Math.min(earliest, message.at)
          : earliest,
      Number.POSITIVE_INFINITY,
    );
  const told = first('notice');
  const requestsBefore = runaway.excess.reduce(
    (sum, count, i) => sum + (from + (i + 1) * labels.binSeconds <= told ? count : 0),
    0,
  );
  return {
    kind: runaway.kind,
    usd: runaway.usd,
    peakUsdPerHour: runaway.peakUsdPerHour,
    told: Number.isFinite(told),
    paged: Number.isFinite(first('page')),
    usdBefore: labels.usdPerRequest * requestsBefore,
    minutes: (told - from) / 60,
  };
}

function busiestDay(messages: readonly Message[]): number {
  const byDay = new Map<number, number>();
  for (const { at } of messages) {
    const day = Math.floor(at / (24 * HOUR_SECONDS));
    byDay.set(day, (byDay.get(day) ?? 0) + 1);
  }
  return Math.max(0, ...byDay.values());
}
