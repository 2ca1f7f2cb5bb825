import { describe, expect, it } from 'vitest';
import { backtest } from '../../shared/app/backtest.ts';
import type { Recording } from '../../shared/app/recording.ts';
import { defaultQuota } from '../../shared/domain/assess/quota.ts';
import type { Incident } from '../../shared/domain/incident/incident.ts';
import type { Message } from '../../shared/domain/incident/message.ts';
import type { Notice } from '../../shared/domain/notice.ts';
import { BINS_PER_HOUR, binAt, storedThrough } from '../../shared/domain/usage/time.ts';
import { parsePolicy } from '../../shared/policy-document.ts';
import { aDetector, START } from '../support/a-detector.ts';
import { aKeyArn } from '../support/keys.ts';

const HOUR = 3600;
const DAYS_BEFORE = 21;
const HOURS_AFTER = 40;

/** Noise in 0..1 that a bin and a seed decide. */
function noise(seed: number, bin: number): number {
  const x = Math.sin(seed * 12.9898 + bin * 78.233) * 43_758.5453;
  return x - Math.floor(x);
}

/** Five keys of different habits, all of which run away at some time after START, three of them together. */
const keys = [1, 2, 3, 4, 5].map((seed) => {
  const storms = [
    { from: 60 + seed * 5, bins: seed === 4 ? 0 : 9 + seed, factor: 30 },
    { from: 260, bins: seed < 4 ? 20 : 0, factor: 60 },
    { from: 380 + seed, bins: 3, factor: 200 },
    // Too small to be told at once, on a key of which nobody has heard.
    { from: 200, bins: seed === 4 ? 12 : 0, factor: 3 },
  ];
  const start = binAt(START);
  return {
    metric: { kind: 'key', keyArn: aKeyArn(seed), operation: 'Decrypt' } as const,
    requests: (bin: number) => {
      const day = 1 + Math.sin((bin / 288) * 2 * Math.PI);
      const usual = Math.round(seed * 600 * (0.2 + day) * (0.7 + 0.6 * noise(seed, bin)));
      const storm = storms.find(({ from, bins }) => bin - start >= from && bin - start < from + bins);
      return storm ? Math.round(usual * storm.factor + 800) : usual;
    },
    fromBin: start - DAYS_BEFORE * 288,
  };
});

const endBin = binAt(START) + HOURS_AFTER * BINS_PER_HOUR;

const recording: Recording = {
  series: keys.map(({ metric, requests, fromBin }) => ({
    id: { keyArn: metric.keyArn, operation: metric.operation },
    usage: {
      startBin: fromBin,
      requests: Float64Array.from({ length: endBin - fromBin }, (_, i) => requests(fromBin + i)),
    },
  })),
  startBin: binAt(START) - DAYS_BEFORE * 288,
  endBin,
  rows: 0,
};

/** A digest as a backtest tells it; a welcome or a report has no incident. */
const digestIn = ({ at, facts }: Pick<Notice, 'at' | 'facts'>) =>
  facts.kind === 'digest'
    ? [
        {
          at,
          kind: 'digest',
          keyArns: [...new Set(facts.incidents.map(({ keyArn }) => keyArn))].toSorted(),
          incidentIds: [...new Set(facts.incidents.map(({ id }) => id))].toSorted(),
        },
      ]
    : [];

/** What one receiver was told, in the words of a backtest. */
const told = (messages: readonly Message[]) =>
  messages.flatMap((message) => {
    if (message.kind === 'drill') throw new Error('no drill was expected');
    if (message.kind === 'notice') return digestIn(message.notice);
    const items = message.kind === 'group' ? message.items : [message];
    return {
      at: items[0]?.notification.at,
      kind: message.kind === 'group' ? 'group' : items[0]?.notification.reason,
      keyArns: [...new Set(items.map(({ key }) => key.keyArn))].toSorted(),
      incidentIds: [...new Set(items.map(({ notification }) => notification.incident.id))].toSorted(),
    };
  });

const inTime = (messages: ReturnType<typeof told>) =>
  messages.toSorted(
    (a, b) => (a.at ?? 0) - (b.at ?? 0) || (a.keyArns[0] ?? '').localeCompare(b.keyArns[0] ?? ''),
  );

describe('a backtest', () => {
  it('tells exactly what the pipeline tells when it runs on its schedule through the same use', async () => {
    const live = aDetector({ traces: keys, until: START + HOURS_AFTER * HOUR });
    for (let at = START + 180; at <= START + HOURS_AFTER * HOUR + 180; at += 300)
      await live.run(at, { scheduled: true });

    const replay = backtest(recording, {
      policy: live.settings.policy,
      directory: { keys: new Map() },
      settleSeconds: live.settings.settleSeconds,
      quota: (group, { region }) => live.settings.quota(group, region),
      fromBin: storedThrough(START + 180) * BINS_PER_HOUR + BINS_PER_HOUR / 2,
    });

    const replayed = replay.messages.map(({ at, kind, keyArns, incidentIds }) => {
      return { at, kind, keyArns: keyArns.toSorted(), incidentIds: incidentIds.toSorted() };
    });
    expect(replay.messages.length).toBeGreaterThan(10);
    expect(replay.messages.some(({ kind }) => kind === 'group')).toBe(true);
    expect(replay.messages.filter(({ kind }) => kind === 'digest')).toHaveLength(1);
    expect(inTime(told(live.email.messages))).toEqual(inTime(replayed));

    const { open } = await live.ports.incidents.loadOpen();
    const closed = await Promise.all(
      keys.map(({ metric }) => live.ports.incidents.closed(metric.keyArn, 100)),
    );
    const known = new Map(
      [...closed.flat(), ...open.map(({ record }) => record.incident)].map((one) => [one.id, one]),
    );
    expect([...known.keys()].toSorted()).toEqual(replay.incidents.map(({ id }) => id).toSorted());
    for (const incident of replay.incidents.filter(({ status }) => status === 'resolved')) {
      expect(summary(known.get(incident.id))).toEqual(summary(incident));
    }
  });

  it('stops between two keys when its time is up, and says how far it came', () => {
    let asked = 0;
    const replay = backtest(recording, {
      policy: parsePolicy(undefined, { sensitivity: 200, pageUsdPerHour: 10, noticeUsdPerHour: 0.5 }),
      directory: { keys: new Map() },
      settleSeconds: 180,
      quota: (group) => defaultQuota(group, 'eu-central-1'),
      fromBin: binAt(START),
      isTimeUp: () => ++asked > 2,
    });

    const first = keys.slice(0, 2).map(({ metric }) => metric.keyArn);
    expect(replay.series).toBe(2);
    expect([...new Set(replay.incidents.map(({ keyArn }) => keyArn))].toSorted()).toEqual(first.toSorted());
  });
});

const summary = (incident: Incident | undefined) =>
  incident && {
    ...incident,
    tally: { ...incident.tally, excessUsd: incident.tally.excessUsd.toFixed(9) },
  };
