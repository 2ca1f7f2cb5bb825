import type { Recording } from '../../shared/app/recording.ts';
import { type SeriesId, seriesName } from '../../shared/domain/usage/key.ts';
import { binStart } from '../../shared/domain/usage/time.ts';
import type { Counter } from './counter-metric.ts';
import { seedOf } from './random.ts';
import {
  arnParts,
  DEFAULT_ACCOUNT_ID,
  DEFAULT_REGION,
  emptyWorld,
  type World,
  type WorldKey,
  type WorldSeries,
} from './world.ts';
import type { WorldSwitches } from './world-switches.ts';

/**
 * A world that repeats recorded use: what the recording does not know has no datapoint. The world starts at the end
 * of the recording and is silent after it.
 */
export function worldFromRecording(
  recording: Recording,
  options: {
    readonly accountId?: string;
    readonly region?: string;
    readonly switches?: Partial<WorldSwitches>;
    /** Names of the keys, by ARN. */
    readonly aliases?: Readonly<Record<string, string>>;
  } = {},
): World {
  const someArn = recording.series[0]?.id.keyArn;
  const found = someArn === undefined ? undefined : arnParts(someArn);
  const accountId = options.accountId ?? found?.accountId ?? DEFAULT_ACCOUNT_ID;
  const region = options.region ?? found?.region ?? DEFAULT_REGION;
  const keys = new Map<string, WorldKey>();
  const series = recording.series.map(({ id, usage }) => {
    const key = keys.get(id.keyArn) ?? makeKey(id.keyArn, options.aliases?.[id.keyArn]);
    keys.set(id.keyArn, key);
    const { startBin, requests } = usage;
    return makeSeries(key, id, accountId, {
      seed: seedOf(seriesName(id), 0),
      firstBin: startBin,
      requests: (bin) => (bin < startBin ? Number.NaN : (requests[bin - startBin] ?? 0)),
    });
  });
  const startsAt = recording.series.length === 0 ? 0 : binStart(recording.endBin);
  return Object.assign(emptyWorld({ ...options, accountId, region, startsAt }), {
    keys: [...keys.values()],
    series,
  });
}

function makeKey(arn: string, alias: string | undefined): WorldKey {
  const { accountId, keyId } = arnParts(arn);
  return {
    arn,
    keyId,
    ownerAccountId: accountId,
    aliases: alias === undefined ? [] : [alias],
    manager: 'CUSTOMER',
    keySpec: 'SYMMETRIC_DEFAULT',
    description: '',
    createdAt: 0,
    multiRegion: keyId.startsWith('mrk-'),
    state: 'Enabled',
  };
}

const makeSeries = (
  key: WorldKey,
  { operation }: SeriesId,
  callerAccountId: string,
  counter: Counter,
): WorldSeries => ({
  dimensions: [
    { Name: 'KeyArn', Value: key.arn },
    { Name: 'Operation', Value: operation },
  ],
  ownerAccountId: key.ownerAccountId,
  callerAccountId,
  keySpec: key.keySpec,
  counter,
});
