import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inTurn, nextTurn } from '../../shared/domain/turns.ts';
import type { KeyArn } from '../../shared/domain/usage/key.ts';
import { aKeyArn } from '../support/keys.ts';

const KEYS = 40;
const keys = Array.from({ length: KEYS }, (_, n) => aKeyArn(n));

/** What one run has: how many keys it can read, and which of them are urgent. */
const aRun = (least: number) =>
  fc.record({
    capacity: fc.integer({ min: least, max: KEYS }),
    urgent: fc.subarray(keys).map((some) => new Set(some)),
  });

describe('turns', () => {
  it.each([2, 7, 20])(
    'give each key its turn within a bounded number of runs that read %i or more',
    (least) => {
      const bound = Math.ceil(KEYS / Math.floor(least / 2)) + 1;
      fc.assert(
        fc.property(fc.array(aRun(least), { minLength: bound, maxLength: bound }), (runs) => {
          const read = new Set<KeyArn>();
          const everyKey = new Set(keys);
          let resumeAt: KeyArn | undefined;
          for (const { capacity, urgent } of runs) {
            const isUrgent = (keyArn: KeyArn) => urgent.has(keyArn);
            const order = inTurn(keys, isUrgent, resumeAt);
            if (order.length !== KEYS) throw new Error('a key is missing or comes twice');
            for (const keyArn of order.slice(0, capacity)) read.add(keyArn);
            resumeAt = nextTurn(keys, new Set(order.slice(capacity)), resumeAt);
          }

          expect(read).toEqual(everyKey);
        }),
      );
    },
  );

  it('read urgent keys first, as long as they are no more than the others', () => {
    const urgent = new Set([aKeyArn(30), aKeyArn(20)]);

    const order = inTurn(keys, (keyArn) => urgent.has(keyArn), aKeyArn(25));

    expect(order.slice(0, 4)).toEqual([aKeyArn(30), aKeyArn(25), aKeyArn(20), aKeyArn(26)]);
  });

  it('go on behind a key that has gone meanwhile', () => {
    expect(inTurn([aKeyArn(1), aKeyArn(3)], () => false, aKeyArn(2))).toEqual([aKeyArn(3), aKeyArn(1)]);
  });
});
