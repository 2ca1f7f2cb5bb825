import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parseTrigger } from '../../../functions/detector/trigger.ts';
import type { MessageOrigin } from '../../../shared/domain/incident/message.ts';
import { ackCommand, checkCommand, keyCommands, statusCommand } from '../../../shared/render/commands.ts';
import { anOrigin, LAKE_KEY } from '../../support/a-message.ts';

const incidentCommands = (keyArn: string, incidentId: string, origin: MessageOrigin) => [
  ...ackCommand(incidentId, origin),
  ...keyCommands(keyArn, incidentId, origin),
];

/** The words that `aws` gets when somebody pastes the line. */
function wordsOf(line: string): string[] {
  const script = `aws() { printf '%s\\0' "$@"; }\n${line}`;
  return execFileSync('bash', ['-c', script], { encoding: 'utf8', env: { ...process.env, USER: 'ada' } })
    .split('\0')
    .slice(0, -1);
}

const optionOf = (words: readonly string[], name: string): string => words[words.indexOf(name) + 1] ?? '';

describe('lines to paste', () => {
  it('check the key at once', () => {
    expect(checkCommand([LAKE_KEY], anOrigin())[0]?.line).toMatchInlineSnapshot(
      `"aws lambda invoke --function-name kms-runaway-Detector-AbC123 --region eu-central-1 --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '{"action":"check","keys":["arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"]}' /dev/stdout"`,
    );
  });

  it('list what is open', () => {
    const words = wordsOf(statusCommand(anOrigin())[0]?.line ?? '');

    expect(JSON.parse(optionOf(words, '--payload'))).toEqual({ action: 'status' });
    expect(words.at(-1)).toBe('/dev/stdout');
  });

  it('acknowledge, mute and accept in the name of whoever pastes them', () => {
    const payloads = incidentCommands(LAKE_KEY, 'kms-1', anOrigin()).map(({ line }) => {
      const words = wordsOf(line);
      expect(words).toHaveLength(13);
      const payload: unknown = JSON.parse(optionOf(words, '--payload'));
      expect(parseTrigger(payload).kind).toBe('trigger');
      return payload;
    });

    expect(payloads).toEqual([
      { action: 'ack', incident: 'kms-1', by: 'ada' },
      { action: 'mute', key: LAKE_KEY, until: 'P7D', reason: 'incident kms-1', by: 'ada' },
      { action: 'accept', key: LAKE_KEY, by: 'ada' },
    ]);
  });

  it('are left out where no function is known', () => {
    const { functionName: _, ...elsewhere } = anOrigin();

    expect(checkCommand([LAKE_KEY], elsewhere)).toEqual([]);
    expect(statusCommand(elsewhere)).toEqual([]);
    expect(incidentCommands(LAKE_KEY, 'kms-1', elsewhere)).toEqual([]);
  });

  it.each([
    `'; touch pwned; '`,
    '$(touch pwned)',
    '`touch pwned`',
    '"; touch pwned #',
    'a\nb',
    'ключ\u202E',
    '\\',
    "''",
  ])('hand a hostile key to the function as it is: %j', (key) => {
    const words = wordsOf(checkCommand([key], anOrigin())[0]?.line ?? '');

    expect(JSON.parse(optionOf(words, '--payload'))).toEqual({ action: 'check', keys: [key] });
    expect(words).toHaveLength(13);
    for (const { line } of incidentCommands(key, key, anOrigin())) {
      expect(JSON.parse(optionOf(wordsOf(line), '--payload'))).toMatchObject({ by: 'ada' });
      expect(wordsOf(line)).toHaveLength(13);
    }
  });

  it.each(["x'; touch pwned; '", '$(id)', 'a b'])(
    'keep a hostile function name one word: %j',
    (functionName) => {
      const words = wordsOf(checkCommand([LAKE_KEY], anOrigin({ functionName }))[0]?.line ?? '');

      expect(optionOf(words, '--function-name')).toBe(functionName);
      expect(words).toHaveLength(13);
    },
  );
});
