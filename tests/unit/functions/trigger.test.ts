import { describe, expect, it } from 'vitest';
import { parseTrigger, staleness } from '../../../functions/detector/trigger.ts';

describe('a payload', () => {
  it('that is empty asks for an immediate check', () => {
    expect(parseTrigger({})).toEqual({ kind: 'trigger', trigger: { action: 'check' } });
  });

  it('for the top keys may leave everything open', () => {
    expect(parseTrigger({ action: 'top' })).toEqual({
      kind: 'trigger',
      trigger: { action: 'top', by: 'cost', last: 10_800, limit: 20 },
    });
  });

  it('gives its times as epoch seconds and its durations as seconds', () => {
    const parsed = parseTrigger({ action: 'check', at: '2026-11-25T02:00:00Z', lookback: 'P1DT6H' });

    expect(parsed).toEqual({
      kind: 'trigger',
      trigger: { action: 'check', at: 1_795_572_000, lookback: 108_000 },
    });
  });

  it('is refused with every problem at once', () => {
    const parsed = parseTrigger({ action: 'check', at: 'now', notify: 1, colour: 'red' });

    expect(parsed).toMatchObject({
      kind: 'invalid',
      problems: expect.arrayContaining([
        expect.objectContaining({ path: 'at', value: 'now' }),
        expect.objectContaining({ path: 'notify', value: 1, expected: 'true or false' }),
        expect.objectContaining({ path: 'colour', value: 'red', expected: 'no such field' }),
      ]),
    });
  });

  it('that looks at some operations notifies nobody: an incident is of a whole key', () => {
    const parsed = parseTrigger({ action: 'check', operations: ['Decrypt'], notify: true });

    expect(parsed).toMatchObject({
      kind: 'invalid',
      problems: [{ path: 'notify', expected: expect.stringContaining('together with operations') }],
    });
  });

  it('has the likely field named in place of one that is none', () => {
    expect(parseTrigger({ action: 'check', key: 'alias/x' })).toMatchObject({
      problems: [{ path: 'key', value: 'alias/x', expected: 'no such field; did you mean keys?' }],
    });
    expect(parseTrigger({ action: 'explain', keys: '*', key: '*' })).toMatchObject({
      problems: [{ path: 'keys', expected: 'no such field; did you mean key?' }],
    });
    expect(parseTrigger({ shards: 1 })).toMatchObject({ problems: [{ expected: 'no such field' }] });
  });

  it.each(['lake-etl', 'aws/s3', 'etl', 'lake-*'])('may name an alias by %s alone', (name) => {
    expect(parseTrigger({ action: 'check', keys: [name] })).toMatchObject({ trigger: { keys: [name] } });
    expect(parseTrigger({ action: 'diagnose', key: name })).toMatchObject({ trigger: { key: name } });
  });

  it('cannot bring a prototype along', () => {
    const parsed = parseTrigger(JSON.parse('{"action":"check","__proto__":{"notify":true}}'));

    expect(parsed.kind).toBe('invalid');
  });
});

describe('a command', () => {
  const mute = { action: 'mute', key: 'alias/etl-*', until: 'P7D', reason: 'load test', by: 'ada' };

  it.each([
    ['P7D', { seconds: 604_800 }],
    ['2026-12-02T00:00:00Z', { at: 1_796_169_600 }],
    ['Friday', { day: 'friday' }],
    ['tomorrow', { day: 'tomorrow' }],
  ])('takes %s as the end of a mute', (until, parsed) => {
    expect(parseTrigger({ ...mute, until })).toMatchObject({ trigger: { until: parsed } });
  });

  it.each([
    [{ ...mute, until: 'P91D' }, 'until'],
    [{ ...mute, until: 'P0D' }, 'until'],
    [{ ...mute, until: 'next week' }, 'until'],
    [{ ...mute, until: 'yesterday' }, 'until'],
    [{ ...mute, until: undefined }, 'until'],
    [{ ...mute, reason: '' }, 'reason'],
    [{ ...mute, reason: 'x'.repeat(201) }, 'reason'],
    [{ ...mute, by: undefined }, 'by'],
    [{ ...mute, key: 'etl *' }, 'key'],
    [{ ...mute, keys: ['*'] }, 'keys'],
    [{ action: 'ack', by: 'ada' }, 'incident'],
    [{ action: 'ack', by: 'ada', incident: 'kms-1', key: 'alias/etl' }, 'incident'],
    [{ action: 'ack', by: 'ada', key: 'alias/*' }, 'key'],
    [{ action: 'accept', by: 'ada', key: '*' }, 'key'],
    [{ action: 'accept', key: 'alias/etl' }, 'by'],
    [{ action: 'unmute', by: 'ada' }, 'mute'],
  ])('that is %j is refused by its field', (payload, path) => {
    expect(parseTrigger(payload)).toMatchObject({ kind: 'invalid', problems: [{ path }] });
  });
});

describe('a scheduled time', () => {
  const now = 1_795_572_000;

  it.each([
    [now - 180, undefined],
    [now, undefined],
    [now - 900, undefined],
    [now + 60, undefined],
    [now + 61, 'scheduledTime is more than a minute in the future'],
    [now - 901, 'scheduledTime is more than 15 minutes old'],
  ])('of %i is judged against the wall clock', (scheduledTime, refusal) => {
    expect(staleness(scheduledTime, now)).toBe(refusal);
  });
});
