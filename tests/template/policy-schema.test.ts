import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parsePolicy, policyDocument, policyText } from '../../shared/policy-document.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const jsonAt = (path: string): Json =>
  JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')) as Json;

const published = jsonAt('infra/policy.schema.json') as { readonly $defs: Record<string, Json> };

const NOTES = ['title', 'description', 'examples', 'default'];

/** What a schema says to a validator: without notes for people and editors, and with its definitions put in place. */
function bare(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(bare);
  if (typeof schema !== 'object' || schema === null) return schema;
  const {
    title: _,
    description: __,
    examples: ___,
    $defs: ____,
    $ref,
    ...rest
  } = schema as Record<string, Json>;
  const referred = typeof $ref === 'string' ? bare(published.$defs[$ref.replace('#/$defs/', '')]!) : {};
  return {
    ...(referred as object),
    ...Object.fromEntries(
      Object.entries(rest)
        .filter(([key]) => !NOTES.includes(key))
        .map(([key, value]) => [key, bare(value)]),
    ),
  };
}

const DEFAULTS = { sensitivity: 200, pageUsdPerHour: 10, noticeUsdPerHour: 0.5 };

describe('the published schema of the policy document', () => {
  test('says what the code accepts', () => {
    const byCode = z.toJSONSchema(policyDocument, { io: 'input' }) as unknown as Json;

    expect(bare(published)).toEqual(bare(byCode));
  });

  test('bounds every list, and says how long it may be', () => {
    const keys = Array.from({ length: 1001 }, (_, i) => `alias/key-${i}`);
    const threshold = { name: 'budget', keys: ['*'], period: 'PT1H', above: 1 };
    const thresholds = Array.from({ length: 501 }, () => threshold);

    expect(() => parsePolicy({ version: 1, exclude: keys }, DEFAULTS)).toThrow(/exclude.*at most 1000 keys/);
    expect(() => parsePolicy({ version: 1, thresholds }, DEFAULTS)).toThrow(/thresholds.*at most 500/);
    expect(() => policyText(' '.repeat(1_000_001))).toThrow(/1000001 characters.*at most 1000000 characters/);
    expect(policyText('{"version":1}')).toBe('{"version":1}');
  });

  test('is named by the document that is deployed, which is valid', () => {
    const document = jsonAt('policy.json');

    expect(document).toMatchObject({ $schema: './infra/policy.schema.json', version: 1 });
    expect(parsePolicy(document, DEFAULTS)).toMatchObject({ thresholds: [], exclude: [] });
  });

  test('is followed by the example on the page about deploying', () => {
    const page = readFileSync(new URL('../../docs/deploying.md', import.meta.url), 'utf8');
    const example: unknown = JSON.parse(/```json\n(\{\n {2}"\$schema"[\s\S]*?)```/.exec(page)?.[1] ?? '');

    expect(parsePolicy(example, DEFAULTS)).toMatchObject({ thresholds: [{ name: 'etl budget' }] });
  });
});
