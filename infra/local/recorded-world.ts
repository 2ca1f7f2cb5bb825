import { BIN_SECONDS, type Counter } from './counter-metric.ts';
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

/** One row of a recording: requests of one key and operation in 5 minutes. */
export interface RecordingRow {
  /** ISO 8601, or epoch seconds. */
  readonly timestamp: string | number;
  readonly keyArn: string;
  readonly operation: string;
  /** Empty or null when it is not known. */
  readonly requests: number | string | null;
}

/**
 * A world that repeats recorded use: rows in any order, equal rows added up. A series exists from its first row on;
 * afterwards what the recording does not mention is 0, and what it does not know has no datapoint. The world
 * starts at the end of the recording and is silent after it.
 */
export async function worldFromRecording(
  rows: Iterable<RecordingRow> | AsyncIterable<RecordingRow>,
  options: {
    readonly accountId?: string;
    readonly region?: string;
    readonly switches?: Partial<WorldSwitches>;
    /** Names of the keys, by ARN. */
    readonly aliases?: Readonly<Record<string, string>>;
  } = {},
): Promise<World> {
  const recordings = await collect(rows);
  const [someArn] = recordings.keys();
  const found = someArn === undefined ? undefined : arnParts(someArn);
  const accountId = options.accountId ?? found?.accountId ?? DEFAULT_ACCOUNT_ID;
  const region = options.region ?? found?.region ?? DEFAULT_REGION;
  const keys: WorldKey[] = [];
  const series: WorldSeries[] = [];
  let lastBin = 0;
  for (const [arn, operations] of recordings) {
    const key = makeKey(arn, options.aliases?.[arn]);
    keys.push(key);
    for (const [operation, recording] of operations) {
      series.push(makeSeries(key, operation, accountId, recording));
      lastBin = Math.max(lastBin, recording.lastBin);
    }
  }
  const startsAt = (lastBin + 1) * BIN_SECONDS;
  return Object.assign(emptyWorld({ ...options, accountId, region, startsAt }), { keys, series });
}

type Recordings = Map<string, Map<string, Recording>>;

async function collect(rows: Iterable<RecordingRow> | AsyncIterable<RecordingRow>): Promise<Recordings> {
  const recordings: Recordings = new Map();
  // Rows mostly come in the order of time or of keys, so many in a row have the same time.
  let time: string | number = Number.NaN;
  let bin = 0;
  const add = ({ timestamp, keyArn, operation, requests }: RecordingRow): void => {
    if (timestamp !== time) {
      time = timestamp;
      bin = binOf(timestamp);
    }
    const recording = recordings.get(keyArn)?.get(operation) ?? begin(recordings, keyArn, operation);
    recording.add(bin, requestsOf(requests));
  };
  // Waiting between rows that are already there would take several times as long as the rows.
  if (Symbol.iterator in rows) for (const row of rows) add(row);
  else for await (const row of rows) add(row);
  return recordings;
}

function begin(recordings: Recordings, keyArn: string, operation: string): Recording {
  const operations = recordings.get(keyArn) ?? new Map<string, Recording>();
  const recording = new Recording();
  recordings.set(keyArn, operations.set(operation, recording));
  return recording;
}

function binOf(timestamp: string | number): number {
  const isNumber = typeof timestamp === 'number' || /^\d+(\.\d+)?$/.test(timestamp);
  const seconds = isNumber ? Number(timestamp) : Date.parse(timestamp) / 1000;
  if (!Number.isFinite(seconds)) throw new RangeError(`Not a time: ${timestamp}`);
  return Math.floor(seconds / BIN_SECONDS);
}

const requestsOf = (requests: number | string | null): number =>
  requests === null || requests === '' ? Number.NaN : Number(requests);

/** Rows of one series while they come in: dense from the first bin to the last, with room to grow on either side. */
class Recording {
  firstBin = 0;
  lastBin = -1;
  private origin = 0;
  private bins = new Float64Array(64);

  add(bin: number, requests: number): void {
    this.makeRoomFor(bin);
    const at = bin - this.origin;
    this.bins[at] = (this.bins[at] ?? 0) + requests;
  }

  counter(seed: number): Counter {
    const { firstBin } = this;
    const bins = this.bins.slice(firstBin - this.origin, this.lastBin - this.origin + 1);
    return {
      seed,
      firstBin,
      requests: (bin) => (bin < firstBin ? Number.NaN : (bins[bin - firstBin] ?? 0)),
    };
  }

  private makeRoomFor(bin: number): void {
    const isEmpty = this.lastBin < this.firstBin;
    if (isEmpty) this.origin = bin;
    const first = isEmpty ? bin : Math.min(this.firstBin, bin);
    const last = isEmpty ? bin : Math.max(this.lastBin, bin);
    if (bin < this.origin || bin >= this.origin + this.bins.length) {
      const slack = 64 + Math.ceil((last - first) / 2);
      const origin = bin < this.origin ? first - slack : first;
      const grown = new Float64Array(last - first + 1 + slack);
      grown.set(
        this.bins.subarray(this.firstBin - this.origin, this.lastBin - this.origin + 1),
        this.firstBin - origin,
      );
      this.bins = grown;
      this.origin = origin;
    }
    this.firstBin = first;
    this.lastBin = last;
  }
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
  operation: string,
  callerAccountId: string,
  recording: Recording,
): WorldSeries => ({
  dimensions: [
    { Name: 'KeyArn', Value: key.arn },
    { Name: 'Operation', Value: operation },
  ],
  ownerAccountId: key.ownerAccountId,
  callerAccountId,
  keySpec: key.keySpec,
  counter: recording.counter(seedOf(`${key.arn} ${operation}`, 0)),
});
