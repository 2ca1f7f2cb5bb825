import { CALL_COUNT_RESOURCES, defaultQuota } from '../../../domain/assess/quota.ts';
import { HOUR_SECONDS } from '../../../domain/usage/time.ts';
import { answered, NoAnswerError } from '../look.ts';
import { asAssumed, differs, type Question, unknown } from '../question.ts';

const RESOURCE = CALL_COUNT_RESOURCES.symmetric ?? '';

const callCount: Question = {
  id: 'call-count',
  question: 'Does AWS count the calls against the request quotas?',
  assumed: `yes, in AWS/Usage CallCount under Resource ${RESOURCE} and its likes`,
  consequence:
    "the Region's quota is judged by the keys' own metrics alone, which leave out calls that were refused",
  async ask(look) {
    await look.busy();
    const to = Math.floor((look.asOf - HOUR_SECONDS / 2) / 300) * 300;
    const outcome = await look.ports.probe.usageQuery.quotaCalls({
      from: to - HOUR_SECONDS,
      to,
      periodSeconds: 300,
    });
    if (outcome.kind === 'refused') throw new NoAnswerError(outcome.reason);
    const calls = [...outcome.answer].map(([group, count]) => `${group} ${count.toLocaleString('en-US')}`);
    return calls.length > 0
      ? asAssumed(`calls in an hour: ${calls.join(', ')}`)
      : differs('no calls are counted, although keys are used every minute');
  },
};

const scale: Question = {
  id: 'quota-function',
  question: 'Which scale does SERVICE_QUOTA() have in metric math?',
  assumed: 'requests per second, as Service Quotas lists the quota',
  consequence:
    'none for the detector, which does not use the function; in expressions of your own, divide accordingly',
  async ask(look) {
    const to = Math.floor((look.asOf - 600) / 60) * 60;
    const asked = await look.ports.probe.quotaFunction(RESOURCE, to - 600, to);
    const value = answered(asked, 'cloudwatch:GetMetricData');
    if (value === undefined) return unknown('SERVICE_QUOTA() returns nothing');
    const applied = await look.quotas().catch(() => undefined);
    const perSecond = applied?.symmetric ?? defaultQuota('symmetric', look.settings.region).perSecond;
    const evidence = `SERVICE_QUOTA() returns ${value.toLocaleString('en-US')} for a period of 60 s; the quota is ${perSecond.toLocaleString('en-US')} a second`;
    return value === perSecond ? asAssumed(evidence) : differs(evidence);
  },
};

/** What CloudWatch tells of quotas. */
export const QUOTA_QUESTIONS: readonly Question[] = [callCount, scale];
