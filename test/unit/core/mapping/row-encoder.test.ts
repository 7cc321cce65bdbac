import assert from 'node:assert/strict';
import { compileRowEncoder } from '../../../../src/core/mapping/row-encoder.ts';
import { ByteWriter } from '../../../../src/core/tuple/byte-writer.ts';
import { int4, tuple } from '../../../helpers/copy-bytes.ts';
import { column, defaultOptions } from '../../../helpers/encode-cell.ts';

describe('row encoder', () => {
  it('writes whole tuples one behind the other', () => {
    const encoder = compileRowEncoder([column('integer'), column('text')], defaultOptions);
    const out = new ByteWriter(4);
    assert.equal(encoder.encode([1n, 'a'], out), null);
    assert.equal(encoder.encode([2n, null], out), null);
    assert.deepEqual(Buffer.from(out.view()), Buffer.concat([tuple(int4(1), Buffer.from('a')), tuple(int4(2), null)]));
  });

  it('leaves the rows before untouched when a row fails, and names the column of the target', () => {
    const encoder = compileRowEncoder([column('integer', { to: 'id' }), column('boolean', { from: 'flag', to: 'is_on' })], defaultOptions);
    const out = new ByteWriter();
    encoder.encode([1n, 1n], out);
    const before = Buffer.from(out.view());
    assert.deepEqual(encoder.encode([2n, 2n], out), {
      column: 'is_on',
      code: 'wrong-type',
      message: 'an integer is not a boolean (0, 1, true or false)',
    });
    assert.deepEqual(Buffer.from(out.view()), before);
  });

  it('turns NULL away where the column is NOT NULL', () => {
    const encoder = compileRowEncoder([column('integer', { nullable: false })], defaultOptions);
    assert.equal(encoder.encode([null], new ByteWriter())?.code, 'null-not-allowed');
  });

  it('rounds only where the plan accepts it: nothing is rounded silently', () => {
    const out = new ByteWriter();
    const exact = compileRowEncoder([column('numeric(3,2)', { mayRound: false }), column('text')], defaultOptions);
    assert.equal(exact.encode([1.25, 'a'], out), null);
    assert.equal(exact.encode([0.333, 'a'], out)?.code, 'would-round');
    assert.equal(exact.encode([0.33, 'a'], out), null, 'the row behind a refused one is judged for itself');
    assert.deepEqual(exact.takeCounts(), {});
    const rounding = compileRowEncoder([column('numeric(3,2)')], defaultOptions);
    assert.equal(rounding.encode([0.333], out), null);
    assert.deepEqual(rounding.takeCounts(), { 'v: rounded': 1 });
  });

  it("S05 reads '' as NULL where the plan says so, and counts it", () => {
    const encoder = compileRowEncoder([column('timestamptz', { emptyIsNull: true }), column('integer', { to: 'n' })], defaultOptions);
    const out = new ByteWriter();
    assert.equal(encoder.encode(['', 1n], out), null);
    assert.equal(encoder.encode(['', 'x'], out)?.code, 'wrong-type');
    assert.deepEqual(encoder.takeCounts(), { 'v: empty as null': 1 });
    assert.deepEqual(encoder.takeCounts(), {});
    const strict = compileRowEncoder([column('timestamptz', { emptyIsNull: true, nullable: false })], defaultOptions);
    assert.equal(strict.encode([''], out)?.code, 'null-not-allowed');
    const keeping = compileRowEncoder([column('timestamptz', { emptyIsNull: true })], { ...defaultOptions, emptyText: 'keep' });
    assert.equal(keeping.encode([''], out)?.code, 'invalid-date');
  });

  it('reads texts that the plan names as NULL, in any type, and counts them', () => {
    const encoder = compileRowEncoder(
      [column('numeric', { nullTokens: ['NA', '-'] }), column('text', { to: 't', nullTokens: [''] })],
      defaultOptions,
    );
    const out = new ByteWriter();
    for (const row of [
      ['NA', ''],
      ['-', 'NA'],
      [5n, null],
    ] as const)
      assert.equal(encoder.encode(row, out), null);
    assert.equal(encoder.encode(['na', 'x'], out)?.code, 'wrong-type');
    assert.deepEqual(encoder.takeCounts(), { 'v: null token': 2, 't: null token': 1 });
    const strict = compileRowEncoder([column('numeric', { nullTokens: ['NA'], nullable: false })], defaultOptions);
    assert.deepEqual(strict.encode(['NA'], out), {
      column: 'v',
      code: 'null-not-allowed',
      message: 'a text that stands for NULL in a column that is NOT NULL',
    });
  });

  it('takes a cell larger than the buffer', () => {
    const out = new ByteWriter(16);
    const encoder = compileRowEncoder([column('text'), column('bytea')], defaultOptions);
    const text = 'å'.repeat(70_000);
    assert.equal(encoder.encode([text, new Uint8Array(1 << 20)], out), null);
    assert.deepEqual(Buffer.from(out.view()), tuple(Buffer.from(text), Buffer.alloc(1 << 20)));
  });
});
