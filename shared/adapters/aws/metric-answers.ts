import type { MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { MetricFault, MetricOutcome } from '../../app/ports.ts';
import { entryOf } from '../../domain/entry-of.ts';
import type { MetricBatch } from '../../domain/usage/query-plan.ts';
import { UNKNOWN } from '../../domain/usage/series.ts';
import { BIN_SECONDS } from '../../domain/usage/time.ts';

type Status = 'missing' | 'complete' | 'partial' | 'internalError' | 'forbidden';

interface Answer {
  values: Float64Array;
  status: Status;
  detail: string;
  fault?: MetricFault;
}

const STATUSES: Readonly<Record<string, Status>> = {
  Complete: 'complete',
  PartialData: 'partial',
  InternalError: 'internalError',
  Forbidden: 'forbidden',
};

const FAULTS: Record<Exclude<Status, 'complete'>, MetricFault> = {
  missing: 'incomplete',
  partial: 'incomplete',
  internalError: 'internalError',
  forbidden: 'forbidden',
};

/** Id of the metric at this position of the batch. */
export const answerId = (position: number): string => `m${position}`;

/**
 * What CloudWatch has answered so far for the metrics of one batch. A page cuts datapoints, not metrics, and comes
 * in any order, so results are merged by id and each value goes where its timestamp says.
 */
export class MetricAnswers {
  readonly #batch: MetricBatch;
  readonly #answers: Answer[];

  constructor(batch: MetricBatch) {
    this.#batch = batch;
    this.#answers = batch.metrics.map(() => this.#unanswered());
  }

  /** Forgets what a request left unfinished, before these metrics are asked for again. */
  restart(positions: readonly number[]): void {
    for (const position of positions) this.#answers[position] = this.#unanswered();
  }

  /** Takes in the results of one page. */
  add(results: readonly MetricDataResult[]): void {
    for (const result of results) {
      const answer = this.#answers[Number(result.Id?.slice(1))];
      if (!answer) continue;
      answer.status = entryOf(STATUSES, result.StatusCode ?? '') ?? 'missing';
      for (const { Code, Value } of result.Messages ?? []) answer.detail = `${Code ?? ''}: ${Value ?? ''}`;
      this.#place(answer.values, result);
    }
  }

  /** The request failed before its last page: nothing it said can be taken as whole. */
  fail(positions: readonly number[], fault: MetricFault, detail: string): void {
    for (const position of positions) this.#answers[position] = { ...this.#unanswered(), fault, detail };
  }

  /** Those of the positions that another request may still settle. */
  unsettled(positions: readonly number[]): number[] {
    return positions.filter((position) => {
      const answer = this.#answers[position];
      return answer && !answer.fault && answer.status !== 'complete' && answer.status !== 'forbidden';
    });
  }

  outcomes(): MetricOutcome[] {
    return this.#answers.map(({ values, status, detail, fault }): MetricOutcome => {
      if (fault) return { kind: 'fault', fault, detail };
      if (status === 'complete')
        return { kind: 'values', values: { startBin: this.#batch.startBin, values } };
      return { kind: 'fault', fault: FAULTS[status], detail: detail || `StatusCode ${status}` };
    });
  }

  #unanswered(): Answer {
    const length = this.#batch.endBin - this.#batch.startBin;
    return { values: new Float64Array(length).fill(UNKNOWN), status: 'missing', detail: '' };
  }

  #place(values: Float64Array, { Timestamps = [], Values = [] }: MetricDataResult): void {
    const { startBin, periodSeconds = BIN_SECONDS } = this.#batch;
    for (const [index, timestamp] of Timestamps.entries()) {
      const value = Values[index];
      const at = Math.floor(timestamp.getTime() / 1000 / periodSeconds) - startBin;
      if (value !== undefined && at >= 0 && at < values.length) values[at] = value;
    }
  }
}
