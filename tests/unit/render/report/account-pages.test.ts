import { describe, expect, it } from 'vitest';
import { defaultQuota } from '../../../../shared/domain/assess/quota.ts';
import type { RunReport } from '../../../../shared/domain/run-report.ts';
import { binStart, isoTime } from '../../../../shared/domain/usage/time.ts';
import { checkPage } from '../../../../shared/render/report/check-page.ts';
import { diagnosePage } from '../../../../shared/render/report/diagnose-page.ts';
import { explainPage } from '../../../../shared/render/report/explain-page.ts';
import { aKey, LAKE_KEY, NIGHT_BIN } from '../../../support/a-message.ts';

const HOSTILE = `"><img src=x onerror=alert(1)></script><script>alert(2)</script>'`;
const HARMLESS = 'harmless';
const ASSETS = { script: '0', style: '', policy: "default-src 'none'" };
const NOW = isoTime(binStart(NIGHT_BIN));

const aChart = (operation: string, beyond = 0) => ({
  id: { keyArn: LAKE_KEY, operation },
  points: [[NIGHT_BIN, 7, 1, 5]] as const,
  beyond: beyond > 0 ? ([[NIGHT_BIN, NIGHT_BIN + beyond]] as const) : [],
  standing: [],
});

const aReport = (text: string): RunReport => ({
  runId: 'check',
  asOf: NOW,
  startedAt: NOW,
  seconds: 1,
  keys: 1,
  series: 9,
  normal: 0,
  breaching: 1,
  insufficientData: {},
  notChecked: {},
  excluded: 0,
  incidents: [
    {
      id: text,
      keyArn: LAKE_KEY,
      operations: ['Decrypt'],
      status: 'open',
      severity: 'page',
      openedAt: NOW,
      usdPerHour: 14,
      excessUsd: 3,
      ratio: 6,
      reason: text,
    },
  ],
  delivery: { left: 'notify: false' },
  unresolved: [],
  backfill: { done: 0, remaining: 0 },
  stale: [],
  metricsRequested: 9,
});

/** A check of nine series, of which the cheapest one ran away. */
const aCheckPage = (text: string) =>
  checkPage(
    [
      {
        region: 'eu-central-1',
        report: aReport(text),
        remarks: [text],
        directory: { keys: new Map([[LAKE_KEY, aKey({ aliases: [`alias/${text}`] })]]) },
        series: [
          ...Array.from({ length: 8 }, (_, i) => ({ chart: aChart(`Sign${i}`), usd: 10 + i })),
          { chart: aChart('Decrypt', 1), usd: 1 },
        ],
        fromBin: NIGHT_BIN - 2016,
        judgedFrom: NIGHT_BIN - 288,
        endBin: NIGHT_BIN + 1,
      },
    ],
    ASSETS,
  );

const anExplainPage = (text: string) =>
  explainPage(
    [
      {
        keyArn: LAKE_KEY,
        alias: `alias/${text}`,
        operation: text,
        bin: NOW,
        requests: null,
        band: { expected: 1, upper: null },
        windows: [],
        sameTime: [{ bin: NOW, requests: null }],
        historyWeeks: 8,
        sensitivity: 200,
        gates: [{ name: 'known', passed: false, value: 0, needed: 1 }],
        stoppedBy: 'known',
        sentence: text,
        chart: aChart(text),
      },
    ],
    [text],
    ASSETS,
  );

const aDiagnosePage = (text: string) =>
  diagnosePage(
    [
      {
        ...aKey({ aliases: [`alias/${text}`], description: text }),
        from: NOW,
        to: NOW,
        operations: [{ operation: 'Decrypt', requests: 864e6, requestsWeekBefore: 0, usd: 2592 }],
        requests: 864e6,
        usd: 2592,
        usdPerMonth: { low: 78_840, high: 78_840 },
        callers: {
          kind: 'known',
          sample: {
            events: 4,
            from: 0,
            to: 1,
            callers: [{ name: text, userAgent: text, events: 3, share: 0.75, low: 0.3, high: 0.95 }],
            purposes: [{ context: text, value: text, events: 4, share: 1, low: 1, high: 1 }],
            operations: {},
            refused: { [text]: 1 },
          },
        },
        causes: [
          {
            id: text,
            title: text,
            certainty: 'likely',
            because: [text],
            fix: text,
            command: text,
            source: `javascript:${text}`,
          },
        ],
        notKnown: [text],
      },
    ],
    (group) => defaultQuota(group, 'eu-central-1'),
    ASSETS,
  );

const PAGES = { check: aCheckPage, explain: anExplainPage, diagnose: aDiagnosePage };
const tags = (html: string) => html.match(/<\/?[a-z][a-z0-9]*/g);

describe('the pages of an account', () => {
  it.each(Object.entries(PAGES))('let no text of the account become a part of the page: %s', (_, page) => {
    expect(tags(page(HOSTILE))).toEqual(tags(page(HARMLESS)));
    expect(page(HOSTILE)).toContain('&lt;img src=x onerror=alert(1)&gt;');
  });

  it('draw what runs away before the dearest others, and count the rest', () => {
    const page = aCheckPage(HARMLESS);

    expect([...page.matchAll(/<figcaption><b>(.*?)</g)].map(([, title]) => title)).toEqual(
      ['Decrypt', 'Sign7', 'Sign6', 'Sign5', 'Sign4', 'Sign3', 'Sign2'].map((one) => `harmless: ${one}`),
    );
    expect(page).toContain('2 more series are not drawn.');
    expect(page).toContain('Incidents are those since Tue 24 Nov 2026 02:10 UTC');
  });

  it('say what is not known, and draw no line where no number would be told', () => {
    const page = anExplainPage(HARMLESS);

    expect(page).toContain('held a number that is not known');
    expect(page).toContain('No number of requests would have been told.');
    expect(page).not.toContain('<line class="mark"');
  });

  it('tell the share of the quota, and what a sample leaves open', () => {
    const page = aDiagnosePage(HARMLESS);

    expect(page).toContain('<td class="number" data-v="0.5">50%</td>');
    expect(page).toContain('<line class="error" x1="30.0%" x2="95.0%"');
    expect(page).toContain('exact');
    expect(page).not.toContain('href="javascript:');
  });
});
