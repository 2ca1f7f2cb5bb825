import { keyArnParts } from '../../../domain/usage/key.ts';
import type { TrailUse } from '../account-probe.ts';
import { answered } from '../look.ts';
import { ago, asAssumed, differs, many, type Question, unknown } from '../question.ts';

/** Events are expected within this time; people are told the callers up to an hour later. */
const LATEST_SECONDS = 900;

const keyName: Question = {
  id: 'trail-key-name',
  question: 'Under which name does CloudTrail know a key?',
  assumed: 'under its full ARN, as ResourceName',
  consequence:
    'callers are found by the id of the key, or by the event of its last use alone, which is one call and no shares',
  async ask(look) {
    const { keyArn, requests } = await look.busyOwn();
    const byArn = await look.trailOf(keyArn);
    const name = await look.nameOf(keyArn);
    if (byArn.length > 0) return asAssumed(`${many(byArn.length, 'use')} of ${name} found by its ARN`);
    const byId = await look.trailOf(keyArnParts(keyArn).keyId);
    return differs(
      byId.length > 0
        ? `no use of ${name} found by its ARN, ${byId.length} by its id`
        : `no use of ${name} found by its ARN or its id in the last two hours, although it had ${many(requests, 'request')} in three`,
    );
  },
};

const delay: Question = {
  id: 'trail-delay',
  question: 'How late is the event history of CloudTrail?',
  assumed: 'at most 15 minutes',
  consequence: 'callers become known that much later; the detector looks again for an hour',
  async ask(look) {
    const { keyArn } = await look.busyOwn();
    const uses = await look.trailOf(keyArn);
    const found = uses.length > 0 ? uses : await look.trailOf(keyArnParts(keyArn).keyId);
    if (found.length === 0)
      return unknown('CloudTrail shows no use of the busiest key under its ARN or its id');
    const age = Math.max(0, look.ports.now() - Math.max(...found.map(({ at }) => at)));
    const evidence = `the newest use of ${await look.nameOf(keyArn)}, which is used every minute, is ${ago(age)} old`;
    return age > LATEST_SECONDS ? differs(evidence) : asAssumed(evidence);
  },
};

const lastUse: Question = {
  id: 'last-use',
  question: 'Does KMS know the last use of a key, and CloudTrail its event?',
  assumed:
    'KMS names a use of the last 15 minutes, and CloudTrail finds its event as soon as it is as old as that',
  consequence: 'the callers of a key that CloudTrail does not find by name stay unknown',
  async ask(look) {
    const { keyArn } = await look.busyOwn();
    const last = answered(await look.ports.probe.lastUse(keyArn), 'kms:GetKeyLastUsage');
    const name = await look.nameOf(keyArn);
    if (!last) return differs(`KMS names no use of ${name}, which is used every minute`);
    const age = Math.max(0, look.ports.now() - last.at);
    const said = `KMS names a ${last.operation} of ${name}, ${ago(age)} ago`;
    if (last.eventId === undefined) return differs(`${said}, without an event`);
    const found: readonly TrailUse[] = answered(
      await look.ports.probe.trail({ attribute: 'EventId', value: last.eventId }),
      'cloudtrail:LookupEvents',
    );
    const isFound = found.length > 0;
    if (age > LATEST_SECONDS)
      return differs(`${said}; CloudTrail ${isFound ? 'finds' : 'does not find'} the event`);
    return isFound
      ? asAssumed(`${said}; CloudTrail finds the event`)
      : asAssumed(`${said}; CloudTrail does not find the event yet`);
  },
};

/** What CloudTrail and KMS tell of who uses a key. */
export const TRAIL_QUESTIONS: readonly Question[] = [keyName, delay, lastUse];
