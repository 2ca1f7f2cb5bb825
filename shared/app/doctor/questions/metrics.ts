import { isUseOperation } from '../../../domain/callers/key-event.ts';
import { keyArnParts, parseKeyArn } from '../../../domain/usage/key.ts';
import { metricName } from '../../../domain/usage/metric.ts';
import { HOUR_SECONDS } from '../../../domain/usage/time.ts';
import type { ListedUse } from '../account-probe.ts';
import { type Look, NoAnswerError, READ_SECONDS } from '../look.ts';
import { ago, asAssumed, differs, many, type Question, unknown } from '../question.ts';

const KEY_SHAPE = 'KeyArn, Operation';
const PAIR_SHAPE = 'SourceKeyArn, DestinationKeyArn, Operation';

/** Names of dimensions in the order in which people know them. */
const shapeOf = ({ dimensions }: ListedUse): string => {
  const names = dimensions.toSorted((a, b) => orderOf(a) - orderOf(b));
  return names.join(', ') || '(none)';
};

const orderOf = (name: string): number =>
  ['SourceKeyArn', 'DestinationKeyArn', 'KeyArn', 'Operation'].indexOf(name);

const listedUses = async (look: Look) => {
  const { uses, isComplete } = await look.listed();
  if (uses.length === 0)
    throw new NoAnswerError(
      'ListMetrics shows no AWS/KMS SuccessfulRequest: no key was used in the last two weeks',
    );
  return { uses, suffix: isComplete ? '' : ', and the list goes on' };
};

const shapes: Question = {
  id: 'dimension-shapes',
  question: 'Which dimensions do the metrics of keys have?',
  assumed: `"${KEY_SHAPE}" or "${PAIR_SHAPE}"`,
  consequence: 'metrics of another shape are not read: their use is not watched',
  async ask(look) {
    const { uses, suffix } = await listedUses(look);
    const counts = new Map<string, number>();
    for (const use of uses) {
      const isOdd = use.metric === undefined && [KEY_SHAPE, PAIR_SHAPE].includes(shapeOf(use));
      const shape = `"${shapeOf(use)}"${isOdd ? ' with values of another kind' : ''}`;
      counts.set(shape, (counts.get(shape) ?? 0) + 1);
    }
    const seen = [...counts].map(([shape, count]) => `${shape} ${count.toLocaleString('en-US')}x`).join('; ');
    const verdict = uses.every(({ metric }) => metric !== undefined) ? asAssumed : differs;
    return verdict(`listed: ${seen}${suffix}`);
  },
};

const spelling: Question = {
  id: 'operation-spelling',
  question: 'How are operations spelled?',
  assumed: 'as the KMS API spells them, such as GenerateDataKey',
  consequence: 'they are watched as spelled, but prices, quotas and causes go by the names of the API',
  async ask(look) {
    const { uses, suffix } = await listedUses(look);
    const spelled = [...new Set(uses.flatMap(({ operation = '(none)' }) => operation))].toSorted();
    const strange = spelled.filter((operation) => !isUseOperation(operation));
    return strange.length === 0
      ? asAssumed(`${many(spelled.length, 'operation')}: ${spelled.join(', ')}${suffix}`)
      : differs(
          `not names of the API: ${strange
            .slice(0, 10)
            .map((name) => JSON.stringify(name))
            .join(', ')}`,
        );
  },
};

const reEncrypt: Question = {
  id: 're-encrypt-shape',
  question: 'How is ReEncrypt counted, which uses two keys?',
  assumed: 'under SourceKeyArn and DestinationKeyArn, and nowhere else',
  consequence: 'a ReEncrypt listed under KeyArn, too, would be counted twice for its key',
  async ask(look) {
    const { uses } = await listedUses(look);
    const found = uses.filter(({ operation }) => operation === 'ReEncrypt');
    if (found.length === 0) return unknown('no ReEncrypt is listed');
    const other = found.filter((use) => shapeOf(use) !== PAIR_SHAPE);
    return other.length === 0
      ? asAssumed(`${many(found.length, 'pair')} of keys listed`)
      : differs(
          `${other.length} of ${found.length} under "${[...new Set(other.map(shapeOf))].join('" and "')}"`,
        );
  },
};

const awsManaged: Question = {
  id: 'aws-managed-keys',
  question: 'Are AWS managed keys (alias/aws/...) counted?',
  assumed: 'yes, like keys of your own: their use counts against quota and bill',
  consequence:
    'a runaway through an AWS managed key is not seen per key; the quota of the Region still shows it',
  async ask(look) {
    const { uses } = await listedUses(look);
    const managed = [...(await look.aliases())].filter(([, names]) =>
      names.some((name) => name.startsWith('alias/aws/')),
    );
    if (managed.length === 0) return unknown('no AWS managed key is in use here');
    const listed = new Set(uses.flatMap(({ keys }) => keys));
    const counted = managed.filter(([keyArn]) => listed.has(keyArn));
    if (counted.length > 0)
      return asAssumed(`${counted.length} of ${many(managed.length, 'AWS managed key')} listed`);
    for (const [keyArn] of managed.slice(0, 3)) {
      const last = await look.ports.probe.lastUse(keyArn);
      if (last.kind === 'answered' && last.answer && look.asOf - last.answer.at < 7 * 24 * HOUR_SECONDS) {
        return differs(
          `KMS says that ${await look.nameOf(keyArn)} was used ${ago(look.asOf - last.answer.at)} ago, and no such metric is listed`,
        );
      }
    }
    return unknown(
      `none of ${many(managed.length, 'AWS managed key')} is listed, and none is known to have been used in the last week`,
    );
  },
};

const crossAccount: Question = {
  id: 'cross-account',
  question: 'In whose account is a call counted that uses a key of another account?',
  assumed: "in the caller's account",
  consequence:
    'calls from here to keys of other accounts are not seen here: deploy the detector in the accounts that own the keys, too',
  async ask(look) {
    const { uses } = await listedUses(look);
    const own = await look.accountId();
    const isForeign = (keyArn: string): boolean => {
      const parsed = parseKeyArn(keyArn);
      return parsed !== undefined && keyArnParts(parsed).accountId !== own;
    };
    const listed = new Set(uses.flatMap(({ keys }) => keys.filter(isForeign)));
    if (listed.size > 0) return asAssumed(`${many(listed.size, 'key')} of other accounts listed here`);
    const called = await look.searchTrail(({ succeeded, keyArns }) => succeeded && keyArns.some(isForeign));
    const foreign = new Set(
      called.flatMap(({ succeeded, keyArns }) => (succeeded ? keyArns.filter(isForeign) : [])),
    );
    return foreign.size > 0
      ? differs(
          `CloudTrail shows that ${many(foreign.size, 'key')} of another account was used from here half an hour ago or earlier, and no such metric is listed`,
        )
      : unknown(
          `no key of another account is listed, and CloudTrail shows none among ${many(called.length, 'use')} of keys`,
        );
  },
};

const unit: Question = {
  id: 'unit',
  question: 'Which unit do the datapoints have?',
  assumed: 'Count',
  consequence:
    'none for the detector, which asks without a unit; alarms and dashboards of your own have to do the same',
  async ask(look) {
    const [used] = (await look.read()).toSorted((a, b) => b.requests - a.requests);
    if (!used) return unknown('nothing was read');
    const from = look.asOf - READ_SECONDS;
    const units = ['Count', 'None'] as const;
    const asked = await look.minutes(
      units.map((unit) => ({ metric: used.metric, stat: 'Sum', unit })),
      from,
    );
    const [counted = 0, without = 0] = asked.map((minutes) => minutes.size);
    const evidence = `of ${many(used.minutes.size, 'datapoint')}, ${counted} with unit Count and ${without} with unit None`;
    return counted > 0 && without === 0 ? asAssumed(evidence) : differs(evidence);
  },
};

const samples: Question = {
  id: 'samples',
  question: 'Is each request a sample of its own?',
  assumed: 'yes: SampleCount is the number of requests, like Sum',
  consequence:
    'none for the detector, which reads Sum; Average and SampleCount then mean something else than one would think',
  async ask(look) {
    const used = (await look.busy())[0];
    if (!used) return unknown('nothing was read');
    const to = Math.floor((look.asOf - HOUR_SECONDS / 2) / 60) * 60;
    const [minutes] = await look.minutes(
      [{ metric: used.metric, stat: 'SampleCount' }],
      to - HOUR_SECONDS,
      to,
    );
    const total = [...(minutes ?? [])].filter(([at]) => used.minutes.has(at));
    const sampled = total.reduce((sum, [, value]) => sum + value, 0);
    const requests = total.reduce((sum, [at]) => sum + (used.minutes.get(at) ?? 0), 0);
    if (total.length === 0) return unknown('no datapoint has a SampleCount');
    const evidence = `in ${many(total.length, 'minute')}: Sum ${requests.toLocaleString('en-US')}, SampleCount ${sampled.toLocaleString('en-US')}`;
    return sampled === requests ? asAssumed(evidence) : differs(evidence);
  },
};

const newMetrics: Question = {
  id: 'new-metrics',
  question: 'How soon is a new metric listed?',
  assumed: 'within 15 minutes of its first datapoint',
  consequence: 'the first runaway of a new key is told that much later',
  async ask(look) {
    const { uses, isComplete } = await look.listed();
    if (!isComplete) return unknown('there are more metrics than are listed here');
    const listed = new Set(uses.flatMap(({ metric }) => (metric ? [metricName(metric)] : [])));
    const recent = (await look.recentUse()).filter(({ values: { values } }) =>
      values.some((value) => value > 0),
    );
    if (recent.length === 0) return unknown('no key was used in the last two hours');
    const ages = recent
      .filter(({ metric }) => !listed.has(metricName(metric)))
      .map(({ values: { startBin, values } }) => {
        // The end of the first bin: its only requests may have come last.
        return look.asOf - 300 * (startBin + values.findIndex((value) => value > 0) + 1);
      });
    const late = ages.filter((age) => age > 900);
    if (late.length > 0)
      return differs(
        `${many(late.length, 'metric')} with requests for ${ago(Math.max(...late))} and not listed yet`,
      );
    return asAssumed(
      ages.length > 0
        ? `${many(ages.length, 'metric')} not listed yet, with requests for ${ago(Math.max(0, ...ages))} at most`
        : `all ${many(recent.length, 'metric')} with requests in the last two hours are listed`,
    );
  },
};

/** What the metrics of keys are like. */
export const METRIC_QUESTIONS: readonly Question[] = [
  shapes,
  spelling,
  reEncrypt,
  awsManaged,
  crossAccount,
  unit,
  samples,
  newMetrics,
];
