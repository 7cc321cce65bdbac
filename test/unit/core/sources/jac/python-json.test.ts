import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { PythonValue } from '../../../../../src/core/sources/jac/anchor.ts';
import { recordLimits } from '../../../../../src/core/sources/jac/pickle/pickle-limits.ts';
import { readPythonJson } from '../../../../../src/core/sources/jac/python-json.ts';
import { RecordFault } from '../../../../../src/core/sources/jac/record-fault.ts';

const read = (text: string): PythonValue => readPythonJson(Buffer.from(text));

/** As JSON.parse gives it: numbers only, and objects. */
function plain(value: PythonValue): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
  if (value.tag === 'list') return value.items.map(plain);
  assert.ok(value.tag === 'dict');
  return Object.fromEntries(value.entries.map(([key, held]) => [key, plain(held)]));
}

describe('readPythonJson', () => {
  it('X10 reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.constantFrom('', ' ', '\n\t'), (text, space) => {
        const [value, expected] = [plain(read(space + text + space)), JSON.parse(text) as unknown];
        // An integer knows no negative zero, and Python neither.
        assert.equal(JSON.stringify(value), JSON.stringify(expected));
      }),
      { numRuns: 200 },
    );
  });

  it('X10 tells integers of any size from floats, and knows what Python calls numbers', () => {
    const items = [9_007_199_254_740_993n, -(2n ** 80n), 1, 1e300, -0, NaN, Infinity, -Infinity];
    assert.deepEqual(read('[9007199254740993, -1208925819614629174706176, 1.0, 1E+300, -0.0, NaN, Infinity, -Infinity]'), {
      tag: 'list',
      items,
    });
  });

  it('takes the last of equal keys, and tells objects of a class', () => {
    const point = { tag: 'object', module: 'main', className: 'Point', fields: new Map([['x', 2n]]) };
    assert.deepEqual(read('{"p": {"__type__": "Point", "__module__": "main", "x": 1, "x": 2}, "__proto__": 1}'), {
      tag: 'dict',
      entries: [
        ['p', point],
        ['__proto__', 1n],
      ],
    });
    assert.deepEqual(read('{"__type__": "Point"}'), { tag: 'dict', entries: [['__type__', 'Point']] });
  });

  for (const text of [
    '',
    '[1',
    '[1,]',
    '{"a"}',
    '{"a":}',
    '{1:2}',
    '"a',
    '"\\x"',
    '"\n"',
    '01',
    '1.',
    '+1',
    'nan',
    '-NaN',
    '1 2',
    'nul',
    '"\\',
  ])
    it(`refuses ${JSON.stringify(text)}`, () => assert.throws(() => read(text), RecordFault));

  it('keeps its limits', () => {
    const limited = (text: string, limits: object): unknown => readPythonJson(Buffer.from(text), { ...recordLimits, ...limits });
    assert.throws(() => limited('[1,2]', { bytes: 4 }), /more than 4/);
    assert.throws(() => limited('[1,2]', { values: 2 }), /more than 2 values/);
    assert.throws(() => limited('[[[]]]', { depth: 1 }), /deeper than 1/);
    assert.throws(() => limited('['.repeat(100_000), {}), /deeper than 1000/);
    assert.throws(() => read('9'.repeat(50_000)), /too many digits/);
    assert.throws(() => readPythonJson(Uint8Array.of(0x22, 0xff, 0x22)), /no text in UTF-8/);
  });
});
