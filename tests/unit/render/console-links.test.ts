import { describe, expect, it } from 'vitest';
import type { KeyArn } from '../../../shared/domain/usage/key.ts';
import { eventHistoryLink, graphLink, keyLink } from '../../../shared/render/console-links.ts';
import { aKey, LAKE_KEY } from '../../support/a-message.ts';

const START = Date.UTC(2026, 10, 25, 2) / 1000;
const END = START + 3600;
const inPartition = (partition: string, region: string) =>
  `arn:${partition}:kms:${region}:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab` as KeyArn;

describe('links into the console', () => {
  it.each([
    ['aws', 'ap-southeast-2', 'https://ap-southeast-2.console.aws.amazon.com/'],
    ['aws-cn', 'cn-north-1', 'https://cn-north-1.console.amazonaws.cn/'],
    ['aws-us-gov', 'us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/'],
    ['aws-eusc', 'eusc-de-east-1', 'https://eusc-de-east-1.console.amazonaws-eusc.eu/'],
  ])('know the console of partition %s', (partition, region, start) => {
    const keyArn = inPartition(partition, region);
    const links = [
      ...keyLink(aKey({ keyArn })),
      ...eventHistoryLink(keyArn, START, END),
      ...graphLink(keyArn, ['Sign'], START, END),
    ];

    expect(links).toHaveLength(3);
    for (const { url } of links) {
      expect(url.startsWith(start)).toBe(true);
      expect(new URL(url).searchParams.get('region')).toBe(region);
    }
  });

  it('are left out where there is no console that a browser reaches', () => {
    const keyArn = inPartition('aws-iso', 'us-iso-east-1');

    expect(keyLink(aKey({ keyArn }))).toEqual([]);
    expect(eventHistoryLink(keyArn, START, END)).toEqual([]);
    expect(graphLink(keyArn, ['Sign'], START, END)).toEqual([]);
  });
});

describe('keyLink', () => {
  it('opens the list that the key is in', () => {
    expect(keyLink(aKey())[0]?.url).toMatch(/#\/kms\/keys\/1234abcd-12ab-34cd-56ef-1234567890ab$/);
    expect(keyLink(aKey({ manager: 'AWS' }))[0]?.url).toMatch(/#\/kms\/defaultKeys\/1234abcd-/);
  });
});

describe('eventHistoryLink', () => {
  const queryOf = (url = ''): URLSearchParams =>
    new URLSearchParams(new URL(url).hash.replace('#/events?', ''));

  it('asks for the events of the key, over the time of what is over', () => {
    const query = queryOf(eventHistoryLink(LAKE_KEY, START, END)[0]?.url);

    expect(Object.fromEntries(query)).toEqual({
      ResourceName: LAKE_KEY,
      StartTime: '2026-11-25T02:00:00.000Z',
      EndTime: '2026-11-25T03:00:00.000Z',
    });
  });

  it('asks for the newest events of what goes on', () => {
    const query = queryOf(eventHistoryLink(LAKE_KEY, START, undefined)[0]?.url);

    expect(Object.fromEntries(query)).toEqual({ ResourceName: LAKE_KEY });
  });
});

describe('graphLink', () => {
  const graphOf = (operations: string[]): string =>
    decodeURIComponent(new URL(graphLink(LAKE_KEY, operations, START, END)[0]?.url ?? '').hash);

  it('draws 5-minute sums of all operations', () => {
    expect(graphOf(['Decrypt', 'GenerateDataKey'])).toMatchInlineSnapshot(
      `"#metricsV2:graph=~(metrics~(~(~'AWS*2fKMS~'SuccessfulRequest~'KeyArn~'arn*3aaws*3akms*3aeu-central-1*3a111122223333*3akey*2f1234abcd-12ab-34cd-56ef-1234567890ab~'Operation~'Decrypt)~(~'.~'.~'.~'.~'.~'GenerateDataKey))~view~'timeSeries~stacked~false~stat~'Sum~period~300~region~'eu-central-1~start~'2026-11-25T02*3a00*3a00.000Z~end~'2026-11-25T03*3a00*3a00.000Z);query=~'1234abcd-12ab-34cd-56ef-1234567890ab"`,
    );
  });

  it('sums over the other keys for a side of ReEncrypt', () => {
    const decoded = graphOf(['ReEncrypt:source', 'Decrypt']).replace(/\*([0-9a-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );

    expect(decoded).toContain(
      `~(expression~'SUM(SEARCH('{AWS/KMS,SourceKeyArn,DestinationKeyArn,Operation} MetricName="SuccessfulRequest" SourceKeyArn="${LAKE_KEY}"', 'Sum', 300))~label~'ReEncrypt:source)`,
    );
    expect(decoded).toContain(`(~'AWS/KMS~'SuccessfulRequest~'KeyArn~'${LAKE_KEY}~'Operation~'Decrypt)`);
  });

  it('holds nothing that ends a link in a mail or in Slack', () => {
    const url = graphLink(LAKE_KEY, ['Decrypt'], START, END)[0]?.url ?? '';

    expect(url).not.toMatch(/[<>|"'\s]/);
    expect(url).toMatch(/[a-z0-9]$/);
  });

  it('leaves out what is no operation, and is left out without any', () => {
    expect(graphLink(LAKE_KEY, ['De crypt', ''], START, END)).toEqual([]);
    expect(graphOf(['<evil>', 'Decrypt'])).not.toContain('evil');
  });
});
