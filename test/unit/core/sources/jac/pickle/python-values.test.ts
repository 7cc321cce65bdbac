import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PythonValue } from '../../../../../../src/core/sources/jac/anchor.ts';
import { PythonValueReader } from '../../../../../../src/core/sources/jac/pickle/python-value-reader.ts';
import { readPickle } from '../../../../../../src/core/sources/jac/pickle/read-pickle.ts';
import { jacFolder } from '../../../../../helpers/jac-fixtures.ts';

/** By name and protocol, in base64: what Python itself wrote (test/fixtures/jac/make-pickles.py). */
const { pickles } = JSON.parse(readFileSync(join(jacFolder, 'pickles.json'), 'utf8')) as {
  readonly pickles: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

const list = (...items: PythonValue[]): PythonValue => ({ tag: 'list', items });
const tuple = (...items: PythonValue[]): PythonValue => ({ tag: 'tuple', items });
const dict = (...entries: [PythonValue, PythonValue][]): PythonValue => ({ tag: 'dict', entries });
const bytes = (...each: number[]): Uint8Array => Uint8Array.from(each);
const foreign = (module: string, name: string, args: PythonValue[] = [], state: PythonValue = null): PythonValue => ({
  tag: 'foreign',
  module,
  name,
  args,
  state,
});
const object = (className: string, fields: Record<string, PythonValue>): PythonValue => ({
  tag: 'object',
  module: '__main__',
  className,
  fields: new Map(Object.entries(fields)),
});
const datetime = (text: string, zone: string | null = null): PythonValue => ({ tag: 'datetime', text, zone });
const filled = (items: PythonValue[]): PythonValue => dict(['state', null], ['items', list(...items)], ['entries', dict()]);
const london = (text: string): PythonValue => datetime(text, 'Europe/London');
const timedelta = (days: number, seconds: number, microseconds: number): PythonValue => ({ tag: 'timedelta', days, seconds, microseconds });

const integers = [
  0n,
  1n,
  -1n,
  255n,
  256n,
  65_535n,
  65_536n,
  2n ** 31n - 1n,
  -(2n ** 31n),
  2n ** 31n,
  2n ** 53n + 1n,
  -(2n ** 63n),
  2n ** 80n + 1n,
  -(2n ** 2100n),
];

/** [name in make-pickles.py, the value, protocols in which Python writes something else]. */
const cases: readonly (readonly [string, PythonValue, string?])[] = [
  ['constants', list(null, true, false)],
  ['integers', list(...integers)],
  ['floats', list(0.5, -0, 1.5e300, 5e-324, NaN, Infinity, -Infinity)],
  ['texts', list('', 'a\nb', 'héllo', '日本', '🙂', '\ud800x', 'back\\slash \'quotes" \0')],
  ['long text', 'x'.repeat(300)],
  ['bytes', list(bytes(), bytes(0, 255), new Uint8Array(300).fill(0x78))],
  ['bytearrays', list(bytes(), bytes(0, 255))],
  [
    'lists and tuples',
    list(list(), tuple(), tuple(1n), tuple(1n, 2n), tuple(1n, 2n, 3n), tuple(1n, 2n, 3n, 4n), list(list(1n), list(2n, list(3n)))),
  ],
  ['many', list(...Array.from({ length: 1_001 }, (_, i) => BigInt(i)))],
  [
    'sets',
    list(
      { tag: 'set', items: [] },
      { tag: 'set', items: [1n, 2n, 3n] },
      { tag: 'set', items: ['a', 'b'] },
      { tag: 'frozenset', items: [] },
      { tag: 'frozenset', items: [1n, 2n] },
    ),
  ],
  [
    'dicts',
    list(
      dict(),
      dict(['a', 1n], ['b', list(2n)]),
      dict([1n, 1n], [tuple(1n, 2n), 'tuple'], [null, 0n]),
      dict(['__proto__', dict(['polluted', true])], ['constructor', 1n]),
    ),
  ],
  ['large dict', dict(...Array.from({ length: 20 }, (_, i): [string, bigint] => [`k${i}`, BigInt(i)]))],
  ['ordered dict', dict(['z', 1n], ['a', 2n])],
  ['default dict', dict(['a', 3n])],
  [
    'datetimes',
    list(
      datetime('2025-06-14T08:30:15.123456'),
      datetime('0001-01-01T00:00:00'),
      datetime('2025-06-14T08:30:00+00:00'),
      datetime('2025-06-14T08:30:15.000001+03:00'),
      datetime('2025-06-14T08:30:00-03:30', 'NST'),
      datetime('1900-01-01T00:00:00-01:19:31.999995'),
    ),
  ],
  [
    'zones',
    list(
      london('2024-07-01T12:00:00+01:00'),
      london('2024-10-27T01:30:00+01:00'),
      london('2024-10-27T01:30:00+00:00'),
      london('2024-03-31T01:30:00+00:00'),
      london('2024-03-31T01:30:00+01:00'),
      datetime('2024-01-01T00:00:00+05:45', 'Asia/Kathmandu'),
    ),
    // Python keeps `fold` from protocol 4 on.
    '0123',
  ],
  ['dates', list({ tag: 'date', text: '2024-02-29' }, { tag: 'date', text: '0001-01-01' }, { tag: 'date', text: '9999-12-31' })],
  [
    'times',
    list(
      { tag: 'time', text: '08:30:00' },
      { tag: 'time', text: '23:59:59.999999' },
      { tag: 'time', text: '01:02:00' },
      { tag: 'time', text: '01:02:00+02:00' },
    ),
  ],
  ['timedeltas', list(timedelta(2, 5, 7), timedelta(-1, 86_399, 999_999), timedelta(999_999_999, 86_399, 999_999))],
  ['decimals', list(...['1234.50', '-0', '1E+3', 'NaN', '-Infinity', 'sNaN12'].map((text): PythonValue => ({ tag: 'decimal', text })))],
  [
    'uuids',
    list(
      { tag: 'uuid', text: '00000000-0000-0000-0000-000000000000' },
      { tag: 'uuid', text: '12345678-1234-5678-1234-567812345678' },
      { tag: 'uuid', text: 'ffffffff-ffff-ffff-ffff-ffffffffffff' },
    ),
  ],
  [
    'enums',
    list({ tag: 'enum', className: 'Urgency', name: null, value: 'high' }, { tag: 'enum', className: 'Rank', name: null, value: 1n }),
  ],
  ['objects', list(object('Plain', {}), object('Plain', { a: 1n, _b: list(2n), inner: object('Plain', { c: 3n }) }))],
  ['slots', object('Slots', { a: 1n, b: 'two' })],
  ['list subclass', foreign('__main__', 'Words', [], filled(['a', 'b'])), '01'],
  ['named tuple', foreign('__main__', 'Pair', [1n, 2n]), '01'],
  ['deque', foreign('collections', 'deque', [tuple(), 5n], filled([1n, 2n]))],
  ['complex', foreign('builtins', 'complex', [1, 2])],
  ['fraction', foreign('fractions', 'Fraction', [1n, 3n])],
  ['class', list(foreign('__main__', 'Plain'), foreign('builtins', 'len'))],
  ['cycle', list(1n, foreign('', 'cycle', [1n]))],
  ['object in itself', object('Plain', { name: 'loop', itself: foreign('', 'cycle', [2n]) })],
  ['shared', list(list(1n, 2n), list(1n, 2n))],
];

describe('values of Python in pickles of every protocol', () => {
  it('has a case for each pickle', () => assert.deepEqual(cases.map(([name]) => name).sort(), Object.keys(pickles).sort()));

  for (const [name, expected, otherwise = ''] of cases)
    it(`X07 ${name}`, () => {
      let compared = 0;
      for (const [protocol, pickle] of Object.entries(pickles[name]!)) {
        if (otherwise.includes(protocol)) continue;
        assert.deepEqual(new PythonValueReader().read(readPickle(Buffer.from(pickle, 'base64'))), expected, `protocol ${protocol}`);
        compared++;
      }
      assert.ok(compared >= 2);
    });
});
