import { readFile } from 'node:fs/promises';
import { readRecording } from '../../shared/adapters/recording/csv-recording.ts';
import type { Recording } from '../../shared/app/recording.ts';
import { seriesName } from '../../shared/domain/usage/key.ts';
import { requestsAt } from '../../shared/domain/usage/series.ts';
import { type Bin, binAt } from '../../shared/domain/usage/time.ts';
import type { MoneyLabels, ScoreLabels } from './world/labels.ts';

/** A recording and what really happened in it, by key, by series, or both. */
export interface Labelled {
  readonly name: string;
  readonly recording: Recording;
  readonly fromBin: Bin;
  readonly money?: MoneyLabels;
  readonly score?: ScoreLabels;
}

/** Reads PREFIX.csv.gz and PREFIX.labels.json; the labels are by key (messages) or by series (scores). */
export async function readLabelled(prefix: string): Promise<Labelled> {
  const labels = JSON.parse(await readFile(`${prefix}.labels.json`, 'utf8')) as MoneyLabels | ScoreLabels;
  const recording = await readRecording(`${prefix}.csv.gz`);
  const name = prefix.split('/').at(-1) ?? prefix;
  const fromBin = binAt(Date.parse(labels.judgeFrom) / 1000);
  const common = { name, recording, fromBin };
  return isMoney(labels) ? { ...common, money: labels } : { ...common, score: labels };
}

const isMoney = (labels: MoneyLabels | ScoreLabels): labels is MoneyLabels => 'keys' in labels;

/** Per labelled series, its position in the recording; undefined if nothing of it was recorded. */
export function positionsOf(labels: ScoreLabels, recording: Recording): (number | undefined)[] {
  const byName = new Map(recording.series.map(({ id }, i) => [seriesName(id), i]));
  return labels.series.map((id) => byName.get(seriesName(id)));
}

/** The requests of each labelled series in the judged bins; what is not known counts as none. */
export function judgedRequests(labels: ScoreLabels, { recording, fromBin }: Labelled): Float64Array[] {
  return positionsOf(labels, recording).map((position) => {
    const series = position === undefined ? undefined : recording.series[position];
    const length = recording.endBin - fromBin;
    if (!series) return new Float64Array(length);
    return Float64Array.from({ length }, (_, i) => requestsAt(series.usage, fromBin + i) || 0);
  });
}
