import assert from 'node:assert/strict';
import type { SourceValue } from '../../../../src/core/model/source-value.ts';
import { compileRowEncoder } from '../../../../src/core/mapping/row-encoder.ts';
import { ByteWriter } from '../../../../src/core/tuple/byte-writer.ts';
import { CanonicalTuple } from '../../../../src/core/tuple/canonical-tuple.ts';
import { tuple } from '../../../helpers/copy-bytes.ts';
import { column, defaultOptions } from '../../../helpers/encode-cell.ts';

function canonical(
  types: readonly string[],
  values: readonly SourceValue[],
  junk = 0,
): { readonly bytes: Buffer; readonly copied: boolean; readonly view: CanonicalTuple } {
  const columns = types.map((type) => column(type));
  const out = new ByteWriter();
  out.ensure(junk);
  out.position = junk;
  assert.equal(compileRowEncoder(columns, defaultOptions).encode(values, out), null);
  const view = new CanonicalTuple(columns.map(({ type }) => type));
  view.read(out.buffer, junk, out.position);
  return { bytes: Buffer.from(view.buffer.subarray(view.start, view.end)), copied: view.buffer !== out.buffer, view };
}

describe('CanonicalTuple', () => {
  const equal: readonly (readonly [type: string, a: SourceValue, b: SourceValue])[] = [
    ['numeric', '1.50', '1.5'],
    ['numeric', '100.00', '1e2'],
    ['numeric', '-0.00', '0'],
    ['numeric', '10000', '10000.0'],
    ['jsonb', '{"a":1,"b":[1.0]}', '{ "b":[1], "a":1 }'],
    ['char(5)', 'ab', 'ab  '],
    ['numeric[]', '[1.50, null, 100.00, 3]', '[1.5,null,1e2,3.0]'],
    ['integer[]', '[]', ' [ ] '],
  ];
  for (const [type, a, b] of equal)
    it(`${type}: ${String(a)} = ${String(b)}`, () => assert.deepEqual(canonical([type], [a]).bytes, canonical([type], [b]).bytes));

  const unequal: readonly (readonly [type: string, a: SourceValue, b: SourceValue])[] = [
    ['numeric', '1.5', '15'],
    ['numeric', '1', '-1'],
    ['numeric', '1', '10000'],
    ['numeric', NaN, '0'],
    ['numeric', Infinity, -Infinity],
    ['jsonb', '[1,2]', '[2,1]'],
    ['jsonb', '9007199254740993', '9007199254740992'],
    ['json', '[1]', '[ 1]'],
    ['char(5)', 'ab', ' ab'],
    ['text', 'ab', 'ab '],
    ['double precision', 0, -0],
    ['text', '', null],
  ];
  for (const [type, a, b] of unequal)
    it(`${type}: ${String(a)} ≠ ${String(b)}`, () => assert.notDeepEqual(canonical([type], [a]).bytes, canonical([type], [b]).bytes));

  it('takes every NaN for the same', () => {
    const view = new CanonicalTuple([column('double precision').type, column('real').type]);
    const read = (double: string, single: string): Buffer => {
      const bytes = tuple(Buffer.from(double, 'hex'), Buffer.from(single, 'hex'));
      view.read(bytes, 0, bytes.length);
      return Buffer.from(view.buffer.subarray(view.start, view.end));
    };
    assert.deepEqual(read('fff8000000000001', 'ffc00001'), read('7ff8000000000000', '7fc00000'));
    assert.notDeepEqual(read('7ff0000000000000', '7fc00000'), read('7ff8000000000000', '7fc00000'));
  });

  it('does not copy a tuple that is canonical already', () => {
    assert.equal(canonical(['bigint', 'text', 'double precision', 'numeric'], [1n, 'a', 1.5, 5n]).copied, false);
    assert.equal(canonical(['bigint', 'numeric'], [1n, '1.5']).copied, true);
  });

  it('finds the fields behind a rewritten one, wherever the tuple lies', () => {
    for (const junk of [0, 37]) {
      const { view } = canonical(['jsonb', 'text', 'numeric', 'text', 'text'], ['{ "a" : 1 }', 'first', '2.50', null, 'last'], junk);
      const field = (i: number): string => view.buffer.toString('utf8', view.fieldStarts[i], view.fieldStarts[i]! + view.fieldLengths[i]!);
      assert.equal(field(0), '\u0001{"a":1}');
      assert.equal(field(1), 'first');
      assert.equal(view.fieldLengths[3], -1);
      assert.equal(field(4), 'last');
    }
  });
});
