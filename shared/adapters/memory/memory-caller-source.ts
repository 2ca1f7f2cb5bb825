import type { CallerSource, CallersRequest } from '../../app/ports.ts';
import type { Callers } from '../../domain/callers/callers.ts';

/** A CloudTrail that says what it is told to: for tests. */
export class MemoryCallerSource implements CallerSource {
  readonly requests: CallersRequest[] = [];
  answer: Callers = { kind: 'unknown', why: 'CloudTrail shows no events yet', mayCome: false };

  callersOf(request: CallersRequest): Promise<Callers> {
    this.requests.push(request);
    return Promise.resolve(this.answer);
  }
}
