import assert from 'node:assert/strict';
import type { PythonValue } from '../../../../../../src/core/sources/jac/anchor.ts';
import { valueJson } from '../../../../../../src/core/sources/jac/graph/value-json.ts';

const values: readonly (readonly [PythonValue, string])[] = [
  [null, 'null'],
  [true, 'true'],
  ['a"\0', '"a\\"\\u0000"'],
  [2n ** 53n, '9007199254740992'],
  [2n ** 53n + 1n, '{"$bigint":"9007199254740993"}'],
  [1, '1.0'],
  [0.1, '0.1'],
  [-0, '{"$float":"-0.0"}'],
  [1.5e300, '{"$float":"1.5e+300"}'],
  [NaN, '{"$float":"nan"}'],
  [-Infinity, '{"$float":"-inf"}'],
  [Buffer.from([0, 255]), '{"$bytes":"00ff"}'],
  [{ tag: 'set', items: ['b', 'a'] }, '{"$set":["a","b"]}'],
  [{ tag: 'frozenset', items: [] }, '{"$frozenset":[]}'],
  [{ tag: 'tuple', items: [{ tag: 'list', items: [] }] }, '{"$tuple":[[]]}'],
  [{ tag: 'dict', entries: [['a', 1n]] }, '{"a":1}'],
  [{ tag: 'dict', entries: [['$set', 1n]] }, '{"$map":[["$set",1]]}'],
  [
    {
      tag: 'dict',
      entries: [
        [1n, 'one'],
        [null, 2n],
      ],
    },
    '{"$map":[[1,"one"],[null,2]]}',
  ],
  [{ tag: 'datetime', text: '2025-01-02T03:04:05', zone: null }, '{"$datetime":"2025-01-02T03:04:05"}'],
  [
    { tag: 'datetime', text: '2025-01-02T03:04:05+03:00', zone: 'Africa/Nairobi' },
    '{"$datetime":"2025-01-02T03:04:05+03:00","zone":"Africa/Nairobi"}',
  ],
  [{ tag: 'timedelta', days: 2, seconds: 5, microseconds: 7 }, '{"$timedelta":172805.000007}'],
  [{ tag: 'timedelta', days: -1, seconds: 86_399, microseconds: 999_999 }, '{"$timedelta":-0.000001}'],
  [{ tag: 'decimal', text: '1.50' }, '{"$decimal":"1.50"}'],
  [{ tag: 'uuid', text: 'u' }, '{"$uuid":"u"}'],
  [{ tag: 'enum', className: 'U', name: 'HIGH', value: 3n }, '{"$enum":["U","HIGH",3]}'],
  [{ tag: 'object', module: 'm', className: 'P', fields: new Map([['x', 1.5]]) }, '{"$object":"m.P","fields":{"x":1.5}}'],
  [{ tag: 'node', id: 'i', className: 'N' }, '{"$ref":"i"}'],
  [{ tag: 'foreign', module: 'm', name: 'f', args: [1n], state: null }, '{"$foreign":"m.f","args":[1],"state":null}'],
];

describe('values of Python as JSON', () => {
  for (const [value, json] of values)
    it(json, () => {
      assert.equal(valueJson(value), json);
      JSON.parse(json);
    });
});
