import { describe, expect, it } from 'vitest';
import { defaultQuota } from '../../../../shared/domain/assess/quota.ts';
import { rankKeys } from '../../../../shared/domain/top.ts';
import { backtestPage } from '../../../../shared/render/report/backtest-page.ts';
import type { ChartPoint, RecordedChart } from '../../../../shared/render/report/series-recorder.ts';
import { aKey, anIncident, LAKE_KEY, NIGHT_BIN } from '../../../support/a-message.ts';

const HOSTILE = `alias/"><img src=x onerror=alert(1)></script><script>alert(2)</script>'`;

function aPage(alias: string, charts?: readonly RecordedChart[]): string {
  const id = { keyArn: LAKE_KEY, operation: '<b>Decrypt' };
  const directory = { keys: new Map([[LAKE_KEY, aKey({ aliases: [alias] })]]) };
  const incident = anIncident({ operations: [id.operation] });
  const ranking = rankKeys(
    {
      series: [{ id, requests: Float64Array.of(7), weekBefore: 0 }],
      directory,
      periodSeconds: 300,
      seconds: 300,
      quota: (group) => defaultQuota(group, 'eu-central-1'),
      quotaCalls: undefined,
    },
    'cost',
    9,
  );
  const forecast = { expected: 1, low: 0, high: 4 };
  return backtestPage(
    {
      incidents: [incident],
      messages: [{ at: 0, kind: 'opened', severity: 'page', keyArns: [LAKE_KEY] }],
      forecast: { notices: forecast, pages: { ...forecast, high: 2 } },
    },
    {
      directory,
      fromBin: NIGHT_BIN - (charts ? 28 : 1) * 288,
      endBin: NIGHT_BIN + 1,
      charts: charts ?? [
        { id, points: [[NIGHT_BIN, 7, 1, 5]], beyond: [[NIGHT_BIN, NIGHT_BIN + 1]], standing: [] },
      ],
      ranking,
      assets: { script: '0', style: '', policy: "default-src 'none'" },
    },
  );
}

describe('the page of a replay', () => {
  it('lets no alias and no operation become a part of the page', () => {
    const tags = (html: string) => html.match(/<\/?[a-z][a-z0-9]*/g);
    const hostile = aPage(HOSTILE);

    expect(tags(hostile)).toEqual(tags(aPage('alias/harmless')));
    expect(hostile).toContain('&quot;&gt;&lt;img src=x onerror=alert(1)&gt;');
  });

  it('says what would have been told, what it cost and what to expect', () => {
    expect(aPage('alias/lake-etl')).toContain(
      '<p class="lead">From Tue 24 Nov 2026 02:10 UTC on, in 24 h 5 min, you would have heard of 1 incident in 1 message; they cost $3.65 more than usual. 24 h 5 min are too short to say what to expect: judge a week or more.</p>',
    );
  });

  it('leads from an incident to its chart', () => {
    const page = aPage('alias/lake-etl');

    expect(page).toContain('<a href="#chart-0">lake-etl</a>');
    expect(page).toContain('<figure id="chart-0"');
  });

  it('stays under 5 MB with four weeks of 500 series, a tenth of which ran away for a day', () => {
    const from = NIGHT_BIN - 28 * 288;
    const point = (bin: number): ChartPoint => [
      bin,
      (bin * 7919) % 90_000,
      (bin * 31) % 997,
      (bin * 104_729) % 200_000,
    ];
    const charts = Array.from({ length: 500 }, (_, series): RecordedChart => {
      const to = series % 10 === 0 ? from + 288 : from;
      const beyond = Array.from({ length: to - from }, (_unused, i) => point(from + i));
      const hours = Array.from({ length: 28 * 24 }, (_unused, hour) => point(from + hour * 12));
      return {
        id: { keyArn: LAKE_KEY, operation: 'Decrypt' },
        points: [...beyond, ...hours.filter(([bin]) => bin >= to)],
        beyond: to > from ? [[from, to]] : [],
        standing: [],
      };
    });

    const page = aPage('alias/lake-etl', charts);

    expect(page.match(/<figure /g)).toHaveLength(500);
    expect(page.length).toBeLessThan(5e6 - 100_000);
  });
});
