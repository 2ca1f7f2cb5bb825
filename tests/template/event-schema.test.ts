import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { eventDetail } from '../../shared/event-document.ts';
import { renderEvent } from '../../shared/render/event.ts';
import { aDrill, aGroup, aMessage, aResolvedMessage } from '../support/a-message.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('the published schema of events', () => {
  test('is what the code says', () => {
    const published: unknown = JSON.parse(read('infra/event.schema.json'));

    expect(published, 'run `npm run schema`').toEqual(
      JSON.parse(JSON.stringify(z.toJSONSchema(eventDetail, { io: 'input' }))),
    );
  });

  test.each([
    ['an opening', aMessage()],
    ['a limit with little time left', aMessage({ facts: { minutesToThrottling: 12 } })],
    ['an end', aResolvedMessage()],
    ['several keys', aGroup(3)],
    ['a drill', aDrill()],
  ])('describes every member of %s', (_, message) => {
    for (const detail of renderEvent(message)) {
      // Parsing drops what the schema does not know.
      expect(eventDetail.parse(detail)).toEqual(detail);
    }
  });

  test('is followed by the example on the page about deploying', () => {
    const page = read('docs/deploying.md');
    const pattern = JSON.parse(/```json\n(\{\n {2}"source"[\s\S]*?)```/.exec(page)?.[1] ?? '') as {
      readonly source: string[];
      readonly 'detail-type': string[];
      readonly detail: { readonly kind: string[]; readonly severity: string[] };
    };

    expect(pattern).toMatchObject({
      source: ['kms-runaway-detector'],
      'detail-type': ['KMS usage incident'],
    });
    for (const kind of pattern.detail.kind) expect(eventDetail.shape.kind.options).toContain(kind);
    for (const one of pattern.detail.severity) expect(eventDetail.shape.severity.options).toContain(one);
  });
});
