import { describe, expect, it } from 'vitest';
import { renderEvent } from '../../../shared/render/event.ts';
import { aDrill, aGroup, aLimit, aMessage, aResolvedMessage } from '../../support/a-message.ts';

describe('renderEvent', () => {
  it('gives programs numbers, and people words', () => {
    const [event] = renderEvent(aMessage());
    const { story, ...facts } = event ?? {};

    expect(facts).toMatchInlineSnapshot(`
      {
        "account": "prod",
        "at": "2026-11-25T02:18:00Z",
        "headline": "PAGE lake-etl prod eu-central-1: +$14.6/h, 48x, 7% of quota",
        "incident": {
          "excessRequests": 1214100,
          "excessUsd": 3.65,
          "id": "kms-20261125T0200-8wbo91rw",
          "message": 1,
          "openedAt": "2026-11-25T02:00:00Z",
          "operations": [
            "Decrypt",
          ],
          "peakRatio": 48,
          "peakUsdPerHour": 14.6,
          "status": "open",
        },
        "key": {
          "aliases": [
            "alias/lake-etl",
          ],
          "arn": "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
          "name": "lake-etl",
        },
        "kind": "opened",
        "region": "eu-central-1",
        "severity": "page",
        "usage": {
          "operations": [
            {
              "expected": 25900,
              "operation": "Decrypt",
              "requests": 1240000,
              "windowSeconds": 900,
            },
          ],
          "quotaShare": 0.07,
          "ratio": 48,
          "regionQuotaShare": 0.31,
          "thresholds": [],
          "usdPerHour": 14.6,
          "usdPerHourHigh": 14.6,
        },
        "version": 1,
      }
    `);
    expect(story?.lead[0]).toMatch(/^Decrypt: 1.24 M requests/);
    expect(story?.figures.map(({ label }) => label)).toContain('Cost');
  });

  it('says when an incident ended', () => {
    expect(renderEvent(aResolvedMessage())[0]).toMatchObject({
      kind: 'resolved',
      incident: { status: 'resolved', endedAt: '2026-11-25T05:25:00Z' },
    });
  });

  it('names fixed limits', () => {
    expect(
      renderEvent(aMessage({ facts: { operations: [], thresholds: [aLimit()] } }))[0]?.usage,
    ).toMatchObject({
      operations: [],
      thresholds: [{ name: 'etl-budget', periodSeconds: 3600, requests: 612_000, usd: 1.84 }],
    });
  });

  it('has null where there is no number', () => {
    const [event] = renderEvent(aMessage({ facts: { ratio: Number.POSITIVE_INFINITY } }));

    expect(event?.usage?.ratio).toBeNull();
  });

  it('is one event for each of several keys, and one without a key for a drill', () => {
    expect(new Set(renderEvent(aGroup(12)).map(({ key }) => key?.arn)).size).toBe(12);
    expect(renderEvent(aDrill())).toMatchObject([{ kind: 'drill', severity: 'page' }]);
    expect(renderEvent(aDrill())[0]).not.toHaveProperty('key');
  });
});
