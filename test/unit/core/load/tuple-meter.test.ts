import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { TupleMeter, type TupleExcesses, type TupleLimits } from '../../../../src/core/load/tuple-meter.ts';
import { tupleBytes } from '../../../../src/core/load/tuple-width.ts';
import type { ColumnConversion } from '../../../../src/core/model/type-mapping.ts';
import { parsePgType } from '../../../../src/core/sql/pg-type.ts';

function measure(types: readonly string[], limits: TupleLimits, rows: readonly (readonly (Buffer | null)[])[]): TupleExcesses {
  const columns = types.map((type): ColumnConversion => ({
    from: 'c',
    to: 'c',
    type: parsePgType(type),
    nullable: true,
    convert: { name: 'auto' },
    emptyIsNull: false,
    mayRound: false,
  }));
  const meter = new TupleMeter(columns, limits);
  for (const [i, row] of rows.entries()) meter.measure(tuple(row), () => `row ${i}`);
  return meter.excesses;
}

function tuple(fields: readonly (Buffer | null)[]): Buffer {
  const count = Buffer.alloc(2);
  count.writeInt16BE(fields.length);
  const parts = fields.flatMap((field) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(field === null ? -1 : field.length);
    return field === null ? [length] : [length, field];
  });
  return Buffer.concat([count, ...parts]);
}

const bigint = Buffer.alloc(8);
const key: TupleLimits = { wide: false, keys: [{ name: 'the index (c)', columns: [0] }] };

describe('measuring encoded rows', () => {
  it('counts alignment, the list of NULLs and what is stored apart', () => {
    const types = ['smallint', 'bigint', 'text'].map(parsePgType);
    // 24 bytes of header, 2 of the smallint, 6 of padding, 8 of the bigint, then the text.
    assert.equal(
      tupleBytes(types, () => 5),
      24 + 2 + 6 + 8 + 5,
    );
    assert.equal(
      tupleBytes(types, () => 100_000),
      24 + 2 + 6 + 8 + 18,
    );
    assert.equal(
      tupleBytes(types, (i) => (i === 1 ? null : 5)),
      24 + 2 + 5,
    );
  });

  it('S43 finds rows that are filled too far, and lets those pass that are mostly NULL', () => {
    const types = Array.from({ length: 1_500 }, () => 'bigint');
    const full = types.map(() => bigint);
    const sparse = types.map((_, i) => (i < 900 ? bigint : null));
    const { wide } = measure(types, { wide: true, keys: [] }, [sparse, full, full]);
    assert.deepEqual(wide, { rows: 2, bytes: 24 + 12_000, example: 'row 1' });
  });

  it('S46 a key of 20 kB of noise is certain to fail', () => {
    const { keys } = measure(['text'], key, [[Buffer.from('short')], [Buffer.from(randomBytes(10_000).toString('hex'))]]);
    assert.deepEqual(keys, [{ name: 'the index (c)', rows: 1, bytes: 20_008, example: 'row 1', certain: true }]);
  });

  it('S46 a key of 20 kB of repetitions may fit', () => {
    const { keys } = measure(['text'], key, [[Buffer.alloc(20_000, 'ab')]]);
    assert.deepEqual(keys, [{ name: 'the index (c)', rows: 1, bytes: 20_008, example: 'row 0', certain: false }]);
  });

  it('the longest key that fits passes, one byte more does not', () => {
    const long = (bytes: number): Buffer => Buffer.from(randomBytes(bytes).toString('latin1'), 'latin1');
    assert.deepEqual(measure(['bytea'], key, [[long(2_696)], [null]]).keys, []);
    assert.equal(measure(['bytea'], key, [[long(2_697)]]).keys[0]?.certain, true);
  });
});
