import assert from 'node:assert/strict';
import fc from 'fast-check';
import { chooseType } from '../../../../src/core/mapping/choose-type.ts';
import { compileRowEncoder } from '../../../../src/core/mapping/row-encoder.ts';
import { sqliteCastRules } from '../../../../src/core/mapping/sqlite-cast-rules.ts';
import { InvalidText, type SourceValue } from '../../../../src/core/model/source-value.ts';
import { ByteWriter } from '../../../../src/core/tuple/byte-writer.ts';
import { column, defaultTypeOptions, float32Blob, profileOf } from './column-of-values.ts';

const texts = [
  '',
  ' ',
  'abc',
  '0',
  '1',
  '-7',
  '007',
  '1.50',
  '1e5',
  '99999999999999999999',
  '9223372036854775808',
  'true',
  'false',
  't',
  'TRUE',
  'NaN',
  'Infinity',
  '2024-01-02',
  '2024-02-30',
  '0001-01-01',
  '9999-12-31 23:59:59.999999',
  '2024-01-02 03:04:05',
  '2024-01-02T03:04:05.678Z',
  '2024-01-02 03:04:05+05:30',
  '2024-01-02 03:04',
  '2024-01-02 24:00:00',
  '2024-01-02 03:04:05.1234567',
  '03:04:05',
  '25:00:00',
  '123e4567-e89b-12d3-a456-426614174000',
  '123E4567-E89B-12D3-A456-426614174000',
  '{}',
  '{"a":1}',
  '{bad',
  '[1,2]',
  '[1e400]',
  '["\\u0000"]',
  '["\\ud800"]',
  '"scalar"',
  'a\0b',
  'é😀',
];
const blobs = [
  new Uint8Array(0),
  new Uint8Array([0, 255]),
  new Uint8Array(16),
  float32Blob(1, 2, 3, 4, 5, 6, 7, 8),
  float32Blob(NaN, 2, 3, 4, 5, 6, 7, 8),
];

const value: fc.Arbitrary<SourceValue> = fc.oneof(
  fc.constant(null),
  fc.constantFrom(0n, 1n, 2n, -1n, 32768n, 2n ** 31n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), 1647950409n, 1647950409737n),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.double(),
  fc.constantFrom(0.5, 1, 19.99, 0.1 + 0.2, 1e300, -0, Infinity, -Infinity, NaN, 2460311.628, 1647950409.5),
  fc.constantFrom(...texts),
  fc.constantFrom<SourceValue>(...blobs, new InvalidText(Buffer.from('61ff62', 'hex'))),
);

/** Columns of a few kinds of values, most of them of one kind, as real ones are. */
const values = fc.oneof(
  fc.array(value, { maxLength: 12 }),
  fc
    .tuple(value, fc.integer({ min: 1, max: 300 }), fc.array(value, { maxLength: 3 }))
    .map(([good, count, odd]) => [...Array<SourceValue>(count).fill(good), ...odd]),
);

const declared = fc.constantFrom(
  ...sqliteCastRules.flatMap((rule) => rule.declared),
  'VARCHAR(3)',
  'VARCHAR(40)',
  'DECIMAL(10,2)',
  'NUMERIC(3)',
  'F32_BLOB(8)',
  'FANCY',
);

describe('mapping/expected rejects', () => {
  it('S03 S04 S10 S11 S30 S32 S36 the encoder never rejects more than the plan expected, and nothing where it expected nothing', function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(
        declared,
        values,
        fc.constantFrom('v', 'embedding'),
        fc.constantFrom('null' as const, 'keep' as const),
        (declaration, stored, name, emptyText) => {
          const options = { ...defaultTypeOptions, emptyText };
          const choice = chooseType(column(declaration, { name }), profileOf(stored, name), options);
          const rejected = countRejected(stored, choice, emptyText);
          assert.ok(
            rejected <= choice.expectedRejects,
            `${rejected} rejects, ${choice.expectedRejects} expected for ${choice.type} (${choice.evidence})`,
          );
          assert.ok(
            choice.expectedRejects <= Math.max(0, stored.length * 0.01),
            `${choice.expectedRejects} rejects expected of ${stored.length}`,
          );
        },
      ),
      { numRuns: 3_000 },
    );
  });
});

function countRejected(
  stored: readonly SourceValue[],
  { mapping, loss }: ReturnType<typeof chooseType>,
  emptyText: 'null' | 'keep',
): number {
  const emptyIsNull = emptyText === 'null' && !['text', 'varchar', 'bytea'].includes(mapping.type.name);
  const mayRound = loss === 'rounded' || loss === 'lossy';
  const conversion = { from: 'v', to: 'v', type: mapping.type, nullable: true, convert: { name: mapping.convert }, emptyIsNull, mayRound };
  const encoder = compileRowEncoder([conversion], { nulBytes: 'reject', invalidText: 'reject', emptyText, assumeTimeZone: 'UTC' });
  const out = new ByteWriter();
  return stored.filter((one) => {
    out.reset();
    return encoder.encode([one], out) !== null;
  }).length;
}
