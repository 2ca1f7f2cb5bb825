import { describe, expect, it } from 'vitest';
import { createWorld } from '../../infra/local/simulated-world.ts';
import { deployLambda } from '../support/a-lambda.ts';
import { WORLDS } from '../support/worlds.ts';

const NOON = Date.parse('2026-11-18T12:00:00Z') / 1000;
const MINUTE = 60;

describe('a storm is told once to each receiver, and its end once, where', () => {
  it.each(Object.keys(WORLDS))('%s', async (name) => {
    const switches = WORLDS[name] ?? {};
    const storm = {
      keyAlias: 'alias/lake-etl',
      operation: 'Decrypt',
      from: NOON + 10 * MINUTE,
      to: NOON + 30 * MINUTE,
    };
    const world = createWorld({
      startsAt: NOON,
      keys: 2,
      switches,
      runaways: [{ ...storm, kind: 'retryStorm', requestsPerSecond: 900 }],
    });
    const lambda = await deployLambda({ world }, { ACCOUNT_NAME: 'prod' });
    try {
      for (let minutes = 3; minutes <= 213; minutes += minutes < 60 ? 5 : 15) {
        await lambda.checkAt(new Date((NOON + minutes * MINUTE) * 1000).toISOString());
      }

      const told = lambda.aws.sns.messages.map(({ subject, at }) => ({ subject: subject ?? '', at }));
      const opened = told.filter(({ subject }) => subject.includes('lake-etl'));
      expect(opened.map(({ subject }) => subject.split(' ')[0])).toEqual(['NOTICE', 'RESOLVED']);
      expect(lambda.aws.slack.inbox.map(({ text }) => text)).toEqual(told.map(({ subject }) => subject));
      // The bin, the delay of CloudWatch, the settle delay and the schedule.
      const delay = switches.publicationDelaySeconds ?? 60;
      expect((opened[0]?.at ?? 0) - storm.from).toBeLessThanOrEqual(delay + 10 * MINUTE);
    } finally {
      await lambda.close();
    }
  });
});
