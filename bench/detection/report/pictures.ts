import type { Result } from '../contest.ts';
import { chartSvg } from './chart.ts';
import type { Named } from './money-tables.ts';

/** Recall by accepted false alerts, a line for each detector. */
export const recallPicture = (results: readonly Result[]): string =>
  chartSvg({
    title: 'Runaways found, by accepted false alerts',
    xTitle: 'false alerts per series and week',
    yTitle: 'runaways found',
    ticks: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5].map((at) => ({ at, label: String(at) })),
    lines: results.map(({ name, curve }) => ({
      name: shortName(name),
      points: curve.map(({ falseAlerts, recall }) => [falseAlerts, recall] as const),
    })),
  });

const MINUTES = [
  { at: 5, label: '5 min' },
  { at: 15, label: '15' },
  { at: 60, label: '1 h' },
  { at: 240, label: '4 h' },
  { at: 1440, label: '1 d' },
  { at: 5760, label: '4 d' },
  { at: 20_160, label: '14 d' },
];

/** Share of the runaways over a dollar an hour that were told within a time. */
export const timePicture = (results: readonly Named[]): string =>
  chartSvg({
    title: 'Runaways over $1 an hour that were told in time',
    xTitle: 'time from the first bin to the notice',
    yTitle: 'runaways told',
    ticks: MINUTES,
    lines: results.map(({ name, result: { outcomes } }) => {
      const dear = outcomes.filter(({ peakUsdPerHour }) => peakUsdPerHour >= 1);
      const minutes = dear.filter(({ told }) => told).map((outcome) => outcome.minutes);
      const grid = Array.from({ length: 121 }, (_, i) => 5 * (20_160 / 5) ** (i / 120));
      return {
        name: shortName(name),
        points: grid.map((at) => [at, minutes.filter((one) => one <= at).length / dear.length] as const),
      };
    }),
  });

/** The legend is narrow: what is in brackets is said in the tables. */
const shortName = (name: string): string => name.replace(/ \(mean.*\)$/, '');
