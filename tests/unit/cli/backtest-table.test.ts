import { expect, it } from 'vitest';
import { asTable } from '../../../cli/backtest/as-table.ts';
import type { BacktestMessage } from '../../../shared/app/backtest.ts';

const START = 2480 * 2016;
const page: BacktestMessage = { at: 0, kind: 'opened', severity: 'page', keyArns: [], incidentIds: [] };
const none = { expected: 0, low: 0, high: 2 };

it.each([
  [[], 'in 0 messages, none of them a page; '],
  [[page], 'in 1 message, 1 of them a page; '],
  [[page, { ...page, kind: 'resolved' as const }], 'in 2 messages, 1 of them a page; '],
  [[page, page], 'in 2 messages, 2 of them pages; '],
])('a replay with the messages %j tells how many are pages', (messages, text) => {
  const recording = { startBin: START - 2016, endBin: START + 288, rows: 9, series: [] };
  const result = { incidents: [], messages, series: 1, bins: 288, forecast: { notices: none, pages: none } };

  const table = asTable(result, { recording, directory: { keys: new Map() }, fromBin: START }, 200);

  expect(table).toContain(text);
  expect(table).toContain('judged from 2017-07-13T00:00:00Z on: 24 h.\n');
});
