import type { EpochSeconds } from '../../../domain/usage/time.ts';
import type { Minutes } from '../account-probe.ts';
import { newestOf, type ReadUse } from '../look.ts';
import { ago, asAssumed, differs, many, type Question, unknown } from '../question.ts';

const idle: Question = {
  id: 'idle-minutes',
  question: 'What does a minute without requests look like?',
  assumed: 'a gap: no datapoint',
  consequence: 'none for the detector, which takes a gap and a zero alike',
  async ask(look) {
    const read = (await look.read()).filter(({ minutes }) => minutes.size > 0);
    const zeros = read.reduce(
      (sum, { minutes }) => sum + [...minutes.values()].filter((value) => value === 0).length,
      0,
    );
    if (zeros > 0) return differs(`${many(zeros, 'datapoint')} of 0 in ${many(read.length, 'metric')}`);
    const gaps = read.reduce((sum, { minutes }) => sum + gapsIn(minutes), 0);
    return gaps > 0
      ? asAssumed(
          `${many(gaps, 'minute')} without a datapoint between others, and none of 0, in ${many(read.length, 'metric')}`,
        )
      : unknown('no key rested between two requests of the last three hours');
  },
};

const gapsIn = (minutes: Minutes): number => {
  const times = [...minutes.keys()];
  return (Math.max(...times) - Math.min(...times)) / 60 + 1 - minutes.size;
};

const period: Question = {
  id: 'period',
  question: 'How often does KMS publish?',
  assumed: 'a datapoint for every minute',
  consequence:
    'a bin of 5 minutes may hold the requests of another one: the detector sees a burst up to a period late',
  async ask(look) {
    const busy = await look.busy();
    const times = busy.flatMap(({ minutes }) => [...minutes.keys()]);
    const offGrid = times.filter((at) => at % 300 !== 0).length;
    return offGrid > 0
      ? asAssumed(
          `${many(times.length, 'datapoint')} in ${many(busy.length, 'busy metric')}, minute by minute`,
        )
      : differs(`all ${many(times.length, 'datapoint')} stand at multiples of 5 minutes`);
  },
};

const delay: Question = {
  id: 'publication-delay',
  question: 'How late are datapoints?',
  assumed: 'at most the settle delay',
  consequence:
    'bins are judged before they are complete and told one run later: set SettleSeconds to the delay and a minute more',
  async ask(look) {
    const { settleSeconds } = look.settings;
    const busy = await look.busy();
    const age = Math.min(...busy.map(ageOf(look.asOf)));
    const evidence = `the newest minute of ${many(busy.length, 'busy metric')} ended ${ago(age)} ago, so that the delay is ${ago(Math.max(0, age - 60))} to ${ago(age)}; the settle delay is ${ago(settleSeconds)}`;
    if (age - 60 < settleSeconds) return asAssumed(evidence);
    return busy.length > 1
      ? differs(evidence)
      : unknown(`${evidence}; but it is one metric, and its key may have come to rest`);
  },
};

/** Seconds since the end of the newest minute that has a datapoint. */
const ageOf =
  (now: EpochSeconds) =>
  (one: ReadUse): number =>
    now - (newestOf(one) + 60);

/** Datapoints of the last quarter of an hour are watched, of so many metrics at most. */
const WATCHED_SECONDS = 900;
const MAX_WATCHED = 20;
/** A change has to have a chance to be seen. */
const MIN_WATCH_SECONDS = 60;

const settling: Question = {
  id: 'settling',
  question: 'Does a datapoint still change after it has appeared?',
  assumed: 'no: it appears complete',
  consequence:
    'the newest bin may be read too low at first; later runs correct it, until half an hour after its end',
  async ask(look) {
    const { watchSeconds } = look.settings;
    if (watchSeconds < MIN_WATCH_SECONDS)
      return unknown(
        `it takes a watch of ${MIN_WATCH_SECONDS} s or more to see: ${watchSeconds} s were given`,
      );
    const before = (await look.busy()).slice(0, MAX_WATCHED);
    const until = look.asOf + watchSeconds;
    if (look.ports.now() < until) await look.ports.sleep(until - look.ports.now());
    const after = await look.minutes(
      before.map(({ metric }) => ({ metric, stat: 'Sum' })),
      look.asOf - WATCHED_SECONDS,
    );
    const pairs = before.flatMap(({ minutes }, i) =>
      [...(after[i] ?? [])].flatMap(([at, value]) => {
        const was = minutes.get(at);
        return was === undefined ? [] : [{ was, value }];
      }),
    );
    const changed = pairs.filter(({ was, value }) => was !== value);
    const evidence = `${changed.length} of ${many(pairs.length, 'datapoint')} of the last quarter of an hour changed within ${ago(look.ports.now() - look.asOf)}`;
    if (pairs.length === 0) return unknown('no datapoint of the last quarter of an hour could be read twice');
    return changed.length > 0 ? differs(evidence) : asAssumed(evidence);
  },
};

const insights: Question = {
  id: 'insights-reach',
  question: 'How far back does Metrics Insights answer?',
  assumed: 'the most recent three hours, no further',
  consequence:
    'none for the detector, which asks further back metric by metric; longer periods could be asked for at less cost',
  async ask(look) {
    await look.busy();
    const endBin = Math.floor((look.asOf - 5 * 3600) / 300);
    const outcome = await look.ports.probe.usageQuery.requestsByMetric(endBin - 12, endBin);
    if (outcome.kind === 'refused') {
      return /three hours|recent|ValidationError|InvalidParameter/i.test(outcome.reason)
        ? asAssumed(`asked for an hour that ended 5 hours ago, it refuses: ${outcome.reason}`)
        : unknown(`asked for an hour that ended 5 hours ago: ${outcome.reason}`);
    }
    return outcome.answer.length > 0
      ? differs(`asked for an hour that ended 5 hours ago, it knows ${many(outcome.answer.length, 'metric')}`)
      : asAssumed('asked for an hour that ended 5 hours ago, it knows nothing');
  },
};

/** When and how datapoints come. `settling` is last: it waits. */
export const TIME_QUESTIONS: readonly Question[] = [idle, period, delay, insights];

/** Asked after all others, because it watches from the first look on. */
export const LAST_QUESTION: Question = settling;
