import fc from 'fast-check';

/** How often a property is tried; ABUSE_RUNS=10000 looks deeper. */
export const RUNS = { numRuns: Number(process.env['ABUSE_RUNS'] ?? 100) };

/** Names that every object has, or that change its prototype. */
export const INHERITED = ['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty'];

/** Texts that mean something to a terminal, a spreadsheet, a page, a log or a query. */
export const CORPUS = [
  ...INHERITED,
  '\u001b[2J\u001b[31mowned',
  '\u009b31mowned',
  '\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007',
  '=HYPERLINK("https://evil.example")',
  '+cmd|calc',
  '-1+1',
  '@SUM(A1)',
  '\t=1',
  '<script>alert(1)</script>',
  '</script><img src=x onerror=alert(1)>',
  '"><b>',
  '<!channel>',
  '\r\nBcc: all@evil.example',
  '\n{"level":"ERROR"}',
  '\u2028',
  '\u202Eesrever',
  '" OR 1=1 --',
  'SUM(x) FROM SCHEMA("AWS/KMS")',
  '\uD800',
  '\u0000',
  '9'.repeat(400),
] as const;

export const hostileText = fc.oneof(
  fc.constantFrom(...CORPUS),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.constantFrom(...CORPUS), { maxLength: 4 }).map((parts) => parts.join('')),
);

/** Any JSON, keys of the corpus included. Parsed from text, so `__proto__` is a field of its own. */
export const hostileJson: fc.Arbitrary<unknown> = fc
  .letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      hostileText.map((text) => JSON.stringify(text)),
      fc.constantFrom('null', 'true', '0', '-1', '1e308', '1e-320', '12345678901234567890', '[]', '{}'),
      fc.array(tie('value'), { maxLength: 4 }).map((parts) => `[${parts.join(',')}]`),
      fc
        .array(fc.tuple(hostileText, tie('value')), { maxLength: 4 })
        .map((fields) => `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`),
    ),
  }))
  .value.map((text) => JSON.parse(text) as unknown);

/** What a terminal, a mail header or a log line must never be sent. */
export const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** Arrays in arrays, this deep. */
export function nested(depth: number): unknown {
  let value: unknown = 0;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

/** Fails if an input has reached what all objects share. */
export function expectUnpolluted(): void {
  const shared = Object.getOwnPropertyNames(Object.prototype).length;
  if (shared !== PROTOTYPE_SIZE) throw new Error('Object.prototype was changed');
}

const PROTOTYPE_SIZE = Object.getOwnPropertyNames(Object.prototype).length;
