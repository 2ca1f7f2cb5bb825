import { describe, expect, it } from 'vitest';
import { missingNames, patternNamed } from '../../../shared/app/requested-names.ts';
import { aKeyArn } from '../../support/keys.ts';

const key = (number: number, ...aliases: string[]) => ({ keyArn: aKeyArn(number), aliases });
const LAKE = key(1, 'alias/lake-etl', 'alias/lake');
const S3 = key(2, 'alias/aws/s3');
const BARE = key(3);
const KEYS = [LAKE, S3, BARE];

describe('a name', () => {
  it.each([
    ['alias/lake-etl', 'alias/lake-etl'],
    ['lake-etl', 'alias/lake-etl'],
    ['lake-*', 'alias/lake-*'],
    ['aws/s3', 'alias/aws/s3'],
    [aKeyArn(3), aKeyArn(3)],
    [aKeyArn(3).split('/')[1] ?? '', aKeyArn(3).split('/')[1]],
    ['*', '*'],
    ['lake-elt', undefined],
    ['alias/aws', undefined],
  ])('%s stands for %s', (name, pattern) => {
    expect(patternNamed(name, KEYS)).toBe(pattern);
  });

  it('is the id of a key before it is an alias', () => {
    const id = aKeyArn(3).split('/')[1] ?? '';

    expect(patternNamed(id, [...KEYS, key(4, `alias/${id}`)])).toBe(id);
  });
});

describe('what a request names in vain', () => {
  const used = [
    { keyArn: LAKE.keyArn, operation: 'Decrypt' },
    { keyArn: LAKE.keyArn, operation: 'ReEncrypt:source' },
    { keyArn: S3.keyArn, operation: 'GenerateDataKey' },
  ];
  const place = { keys: KEYS, used };

  it('is told with what is near, over all places together', () => {
    const other = { keys: [key(5, 'alias/mail')], used: [] };

    expect(missingNames({ keys: ['mial', 'mail', 'lake'] }, [place, other])).toEqual([
      { field: 'key', value: 'mial', instead: expect.stringMatching(/^the nearest: alias\/mail, /) },
    ]);
  });

  it('is no operation that one of the keys uses, nor a family of them', () => {
    const of = (name: string, ...operations: string[]) => missingNames({ keys: [name], operations }, [place]);

    expect(of('lake', 'Decrypt', 'ReEncrypt')).toEqual([]);
    expect(of('lake', 'GenerateDataKey')).toEqual([
      {
        field: 'operation',
        value: 'GenerateDataKey',
        instead: 'alias/lake-etl uses Decrypt, ReEncrypt:source',
      },
    ]);
    expect(of('*', 'decrypt')).toMatchObject([
      { instead: expect.stringContaining('the nearest: Decrypt, ') },
    ]);
  });

  it('is no operation where no named key is used at all', () => {
    expect(missingNames({ keys: [BARE.keyArn], operations: ['Sign'] }, [place])).toEqual([]);
  });
});
