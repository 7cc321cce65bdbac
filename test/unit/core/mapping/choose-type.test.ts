import assert from 'node:assert/strict';
import type { TypeChoice } from '../../../../src/core/mapping/choose-type.ts';
import type { TypeOptions } from '../../../../src/core/mapping/type-options.ts';
import type { CatalogColumn } from '../../../../src/core/model/catalog.ts';
import { InvalidText, type SourceValue } from '../../../../src/core/model/source-value.ts';
import { amongGood, choiceFor, float32Blob } from './column-of-values.ts';

const bytes = new Uint8Array([1, 2]);
const isoDay = '2024-01-02';
const isoMoment = '2024-01-02 03:04:05';
const isoZoned = '2024-01-02T03:04:05.678Z';
const uuid = '123e4567-e89b-12d3-a456-426614174000';
const vector16 = JSON.stringify(Array.from({ length: 16 }, (_, i) => i / 10));
const eight = float32Blob(0.1, -0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0);
/** 384 float64 numbers: 3,072 bytes, as long as 768 float32. */
const float64Blob = float64s(...Array.from({ length: 384 }, (_, i) => Math.sin(i + 0.1)));

function float64s(...numbers: number[]): Uint8Array {
  return new Uint8Array(Float64Array.from(numbers).buffer);
}

function ofLength(dimensions: number): Uint8Array {
  return float32Blob(...Array.from({ length: dimensions }, (_, i) => Math.sin(i + 0.1)));
}

type Expected = Partial<Pick<TypeChoice, 'type' | 'convert' | 'loss' | 'accept' | 'expectedRejects' | 'nullable'>>;

interface Row {
  readonly name: string;
  readonly declared: string;
  readonly values: readonly SourceValue[];
  readonly expected: Expected;
  readonly column?: Partial<CatalogColumn>;
  readonly options?: Partial<TypeOptions>;
  /** Codes of the warnings. */
  readonly warnings?: readonly string[];
}

const rows: readonly Row[] = [
  // Integers
  {
    name: 'S01 INT with 64-bit values is bigint',
    declared: 'INT',
    values: [2147483648n, 2n ** 63n - 1n, -(2n ** 63n)],
    expected: { type: 'bigint', convert: null, loss: 'exact', expectedRejects: 0 },
    warnings: [],
  },
  {
    name: 'S01 INTEGER PRIMARY KEY is bigint and never NULL',
    declared: 'INTEGER',
    values: [1n, 2n],
    column: { identity: true },
    expected: { type: 'bigint', nullable: false },
  },
  {
    name: 'SMALLINT is kept where it fits',
    declared: 'SMALLINT',
    values: [-32768n, 32767n],
    expected: { type: 'smallint', expectedRejects: 0 },
  },
  {
    name: 'SMALLINT that does not fit is widened, not rejected',
    declared: 'SMALLINT',
    values: [1n, 32768n],
    expected: { type: 'bigint', expectedRejects: 0 },
    warnings: [],
  },
  {
    name: 'S03 one stray text, real and blob among 1,000 integers are rejects',
    declared: 'INTEGER',
    values: amongGood(5n, ['abc', 1.5, bytes]),
    expected: { type: 'bigint', expectedRejects: 3 },
    warnings: ['expected-rejects'],
  },
  {
    name: 'S03 above 1 % texts the column becomes text',
    declared: 'INTEGER',
    values: [5n, 'abc', 1.5],
    expected: { type: 'text', loss: 'widened', expectedRejects: 0 },
    warnings: ['type-changed'],
  },
  {
    name: 'S03 with blobs among them it becomes bytea',
    declared: 'INTEGER',
    values: [5n, 'abc', 1.5, bytes],
    expected: { type: 'bytea', loss: 'widened', expectedRejects: 0 },
    warnings: ['type-changed', 'text-as-bytes'],
  },
  {
    name: 'an INTEGER column of fractions becomes double precision',
    declared: 'INTEGER',
    values: [1n, 2.5, 2.5],
    expected: { type: 'double precision', loss: 'widened' },
    warnings: ['type-changed'],
  },
  {
    name: 'an INTEGER column of integers beyond 64 bits, stored as reals, becomes double precision',
    declared: 'INTEGER',
    values: [1e19, 2e19],
    expected: { type: 'double precision', expectedRejects: 0 },
  },
  // Reals and decimals
  {
    name: 'S02 REAL is double precision',
    declared: 'REAL',
    values: [3.141592653589793, 16777217, 1e300],
    expected: { type: 'double precision', loss: 'exact', expectedRejects: 0 },
  },
  {
    name: 'S33 infinities are values of double precision',
    declared: 'REAL',
    values: [Infinity, -Infinity, 1.5],
    expected: { type: 'double precision', expectedRejects: 0 },
  },
  {
    name: 'DECIMAL(10,2) is kept where it fits',
    declared: 'DECIMAL(10,2)',
    values: [19.99, 12345678n, 12345678.9],
    expected: { type: 'numeric(10,2)', loss: 'exact', expectedRejects: 0 },
  },
  {
    name: 'S30 DECIMAL(10,2) is widened by what the values need',
    declared: 'DECIMAL(10,2)',
    values: [12345678901.239, 1000n],
    expected: { type: 'numeric(14,3)', expectedRejects: 0 },
  },
  {
    name: 'S30 more places than can be counted: numeric without limits',
    declared: 'DECIMAL(10,2)',
    values: [0.1 + 0.2],
    expected: { type: 'numeric', expectedRejects: 0 },
  },
  { name: 'DECIMAL without numbers is numeric', declared: 'DECIMAL', values: [1n, 2.5], expected: { type: 'numeric' } },
  {
    name: 'a DECIMAL column of infinities keeps them',
    declared: 'DECIMAL(4,1)',
    values: [Infinity, 1.5],
    expected: { type: 'double precision', expectedRejects: 0 },
  },
  // Booleans
  {
    name: 'S04 BOOLEAN with 0 and 1',
    declared: 'BOOLEAN',
    values: [0n, 1n, null],
    expected: { type: 'boolean', loss: 'exact', expectedRejects: 0 },
  },
  {
    name: 'S04 BOOLEAN with words',
    declared: 'BOOLEAN',
    values: amongGood(1n, ['true', 'false']),
    expected: { type: 'boolean', expectedRejects: 0 },
  },
  {
    name: 'S04 BOOLEAN that holds a 2 is proposed as smallint',
    declared: 'BOOLEAN',
    values: [0n, 1n, 2n],
    expected: { type: 'smallint', expectedRejects: 0 },
    warnings: ['type-changed'],
  },
  {
    name: 'S04 BOOLEAN with a 2 among many flags keeps it apart',
    declared: 'BOOLEAN',
    values: [...amongGood(0n, [1n, 'true', 'f', null]), 2n],
    expected: { type: 'boolean', expectedRejects: 2 },
    warnings: ['expected-rejects'],
  },
  // Dates and times
  {
    name: 'S05 DATETIME with dates, date-times and empty texts',
    declared: 'DATETIME',
    values: [isoMoment, isoZoned, isoDay, ''],
    expected: { type: 'timestamptz', convert: null, expectedRejects: 0, nullable: true },
    warnings: ['empty-as-null'],
  },
  {
    name: 'S05 with emptyText keep the empty text is a contradiction',
    declared: 'DATETIME',
    values: amongGood(isoMoment, ['']),
    options: { emptyText: 'keep' },
    expected: { type: 'timestamptz', expectedRejects: 1 },
  },
  {
    name: 'S05 NOT NULL is given up where empty texts become NULL',
    declared: 'DATETIME',
    values: [isoMoment, ''],
    column: { nullable: false },
    expected: { nullable: true },
    warnings: ['not-null-dropped'],
  },
  {
    name: 'S06 DATETIME in milliseconds',
    declared: 'DATETIME',
    values: [1647950409737n, 1647950409738n],
    expected: { type: 'timestamptz', convert: 'epoch-ms', loss: 'exact', expectedRejects: 0 },
  },
  {
    name: 'S07 TIMESTAMP in seconds, some before 1970',
    declared: 'TIMESTAMP',
    values: [1647950409n, -14182940n, 0n],
    expected: { type: 'timestamptz', convert: 'epoch-s', expectedRejects: 0 },
  },
  { name: 'microseconds', declared: 'TIMESTAMP', values: [1647950409737123n], expected: { convert: 'epoch-us' } },
  {
    name: 'seconds with a fraction are rounded to microseconds, accepted',
    declared: 'TIMESTAMP',
    values: [1647950409.737, 1647950410n],
    expected: { convert: 'epoch-s', loss: 'rounded', accept: true },
    warnings: ['accepted-loss'],
  },
  {
    name: 'S08 Julian days',
    declared: 'DATETIME',
    values: [2460311.628, 2460311n],
    expected: { type: 'timestamptz', convert: 'julian', loss: 'rounded', accept: true, expectedRejects: 0 },
  },
  {
    name: 'S09 texts, seconds and milliseconds mixed: nothing is guessed',
    declared: 'DATETIME',
    values: [isoMoment, 1647950409n, 1647950409737n],
    expected: { type: 'text', convert: null, expectedRejects: 0 },
    warnings: ['type-changed', 'ambiguous-dates'],
  },
  {
    name: 'S09 seconds and milliseconds mixed: nothing is guessed',
    declared: 'DATETIME',
    values: [1647950409n, 1647950409737n],
    expected: { type: 'bigint', convert: null },
    warnings: ['type-changed', 'ambiguous-dates'],
  },
  {
    name: 'S09 numbers like 20240102 are no seconds',
    declared: 'DATETIME',
    values: [20240102n, 20240103n],
    expected: { type: 'bigint', convert: null },
    warnings: ['type-changed', 'ambiguous-dates'],
  },
  {
    name: 'S09 a few numbers among texts are rejects, and said',
    declared: 'DATETIME',
    values: amongGood(isoMoment, [1647950409n]),
    expected: { type: 'timestamptz', convert: null, expectedRejects: 1 },
    warnings: ['expected-rejects', 'ambiguous-dates'],
  },
  {
    name: 'timestamps "timestamp" keeps zoneless what has no zone',
    declared: 'DATETIME',
    values: [isoMoment],
    options: { timestamps: 'timestamp' },
    expected: { type: 'timestamp' },
  },
  {
    name: 'timestamps "timestamp" does not lose a zone',
    declared: 'DATETIME',
    values: [isoMoment, isoZoned],
    options: { timestamps: 'timestamp' },
    expected: { type: 'timestamptz' },
  },
  {
    name: 'S36 DATE with a day that does not exist',
    declared: 'DATE',
    values: amongGood(isoDay, ['2024-02-30']),
    expected: { type: 'date', expectedRejects: 1 },
  },
  {
    name: 'S36 TIME with an hour that does not exist',
    declared: 'TIME',
    values: amongGood('03:04:05', ['25:00:00']),
    expected: { type: 'time', expectedRejects: 1 },
  },
  {
    name: 'a DATE column with times of day keeps them',
    declared: 'DATE',
    values: [isoDay, isoMoment],
    expected: { type: 'timestamptz', expectedRejects: 0 },
    warnings: ['type-changed'],
  },
  {
    name: 'a DATE column in milliseconds',
    declared: 'DATE',
    values: [1647950409737n],
    expected: { type: 'timestamptz', convert: 'epoch-ms' },
  },
  // Texts
  {
    name: 'S10 a NUL character is a reject',
    declared: 'TEXT',
    values: amongGood('x', ['a\0b']),
    expected: { type: 'text', expectedRejects: 1 },
  },
  {
    name: 'S10 stripped by choice: lossy, accepted',
    declared: 'TEXT',
    values: ['x', 'a\0b'],
    options: { nulBytes: 'strip' },
    expected: { type: 'text', loss: 'lossy', accept: true, expectedRejects: 0 },
  },
  {
    name: 'S10 bytea by choice',
    declared: 'TEXT',
    values: ['x', 'a\0b'],
    options: { nulBytes: 'bytea' },
    expected: { type: 'bytea', expectedRejects: 0 },
  },
  {
    name: 'S11 invalid text is a reject',
    declared: 'TEXT',
    values: amongGood('ok', [new InvalidText(Buffer.from('61ff62', 'hex'))]),
    expected: { type: 'text', expectedRejects: 1 },
  },
  {
    name: 'S11 many invalid texts make it bytea',
    declared: 'TEXT',
    values: ['ok', new InvalidText(Buffer.from('61ff62', 'hex'))],
    expected: { type: 'bytea', expectedRejects: 0 },
  },
  {
    name: 'S35 VARCHAR(3) that holds more is text',
    declared: 'VARCHAR(3)',
    values: ['abc', 'abcdef'],
    expected: { type: 'text', loss: 'exact', expectedRejects: 0 },
    warnings: [],
  },
  {
    name: 'VARCHAR(3) that fits is kept; a pair of surrogates is one character',
    declared: 'VARCHAR(3)',
    values: ['ab😀'],
    expected: { type: 'varchar(3)' },
  },
  { name: 'CHAR(3) is not padded', declared: 'CHAR(3)', values: ['ab'], expected: { type: 'varchar(3)' } },
  {
    name: 'S37 awkward texts stay text',
    declared: 'TEXT',
    values: ['\t', '\r\n', '\\.', '\\N', ''],
    expected: { type: 'text', loss: 'exact', expectedRejects: 0 },
    warnings: [],
  },
  { name: 'S38 STRICT ANY is text', declared: 'ANY', values: [1n, 'x', 2.5], expected: { type: 'text', expectedRejects: 0 } },
  { name: 'TEXT of UUIDs is upgraded', declared: 'TEXT', values: [uuid, null], expected: { type: 'uuid', loss: 'exact' }, warnings: [] },
  { name: 'one UUID in capitals keeps text', declared: 'TEXT', values: [uuid, uuid.toUpperCase()], expected: { type: 'text' } },
  { name: 'TEXT of dates is upgraded', declared: 'TEXT', values: [isoDay], expected: { type: 'date' } },
  { name: 'TEXT of date-times is upgraded', declared: 'TEXT', values: [isoMoment, isoZoned], expected: { type: 'timestamptz' } },
  {
    name: 'J12 one date that does not exist keeps text',
    declared: 'TEXT',
    values: amongGood(isoDay, ['2024-13-01']),
    expected: { type: 'text', expectedRejects: 0 },
  },
  { name: 'an empty text keeps text: it is no date', declared: 'TEXT', values: [isoDay, ''], expected: { type: 'text' } },
  { name: 'TEXT of true and false is upgraded', declared: 'TEXT', values: ['true', 'false'], expected: { type: 'boolean' } },
  { name: 'C07 numbers in a TEXT column stay text', declared: 'TEXT', values: ['1', '007', '1e5', '+1'], expected: { type: 'text' } },
  { name: 'VARCHAR(36) of UUIDs stays what was declared', declared: 'VARCHAR(36)', values: [uuid], expected: { type: 'varchar(36)' } },
  // Documents
  {
    name: 'S32 TEXT of JSON documents is upgraded',
    declared: 'TEXT',
    values: ['{"k":1}', '[1,"x"]'],
    expected: { type: 'jsonb', convert: null, loss: 'exact', expectedRejects: 0 },
  },
  {
    name: 'S32 a bad document keeps TEXT text',
    declared: 'TEXT',
    values: ['{"k":1}', '{bad'],
    expected: { type: 'text', expectedRejects: 0 },
  },
  {
    name: 'S32 a declared JSON column rejects bad documents singly',
    declared: 'JSON',
    values: amongGood('{"k":1}', ['{bad', '{"k":"\\u0000"}']),
    expected: { type: 'jsonb', expectedRejects: 2 },
  },
  {
    name: 'S32 a declared JSON column of bad documents becomes text',
    declared: 'JSON',
    values: ['{"k":1}', '{bad'],
    expected: { type: 'text', expectedRejects: 0 },
  },
  // Blobs and undeclared columns
  {
    name: 'S12 BLOB with a text in it is bytea, flagged',
    declared: 'BLOB',
    values: [bytes, new Uint8Array(0), null, 'AAAA'],
    expected: { type: 'bytea', loss: 'widened', expectedRejects: 0 },
    warnings: ['text-as-bytes'],
  },
  { name: 'a BLOB column of texts alone is text', declared: 'BLOB', values: ['abc'], expected: { type: 'text' } },
  {
    name: 'S31 no declared type, every storage class: bytea holds all four',
    declared: '',
    values: [1n, 't', new Uint8Array([255]), 2.5],
    expected: { type: 'bytea', expectedRejects: 0 },
  },
  { name: 'no declared type: integers', declared: '', values: [1n], expected: { type: 'bigint' } },
  {
    name: 'no declared type: integers and reals',
    declared: '',
    values: [1n, 2.5],
    expected: { type: 'double precision', loss: 'widened' },
  },
  {
    name: 'no declared type: reals beside integers beyond 2^53',
    declared: '',
    values: [2n ** 53n + 1n, 2.5],
    expected: { type: 'numeric', expectedRejects: 0 },
  },
  { name: 'no declared type: numbers and texts', declared: '', values: [1n, 'x'], expected: { type: 'text', loss: 'widened' } },
  { name: 'no declared type: UUIDs', declared: '', values: [uuid], expected: { type: 'uuid' } },
  { name: 'no declared type, no value', declared: '', values: [null], expected: { type: 'text' } },
  { name: 'a declared type without values is kept', declared: 'DATETIME', values: [], expected: { type: 'timestamptz' }, warnings: [] },
  {
    name: 'a declared length without values is kept',
    declared: 'DECIMAL(10,2)',
    values: [null],
    expected: { type: 'numeric(10,2)' },
    warnings: [],
  },
  { name: 'UUIDs of 16 bytes', declared: 'UUID', values: [new Uint8Array(16)], expected: { type: 'uuid', expectedRejects: 0 } },
  // Vectors
  {
    name: 'V01 float32 blobs of one length are a vector, bit by bit',
    declared: 'BLOB',
    values: [eight, eight, null],
    expected: { type: 'vector(8)', convert: 'float32-blob', loss: 'exact', accept: false, expectedRejects: 0 },
    warnings: [],
  },
  {
    name: 'V02 3,072 bytes of float32 are 768 dimensions',
    declared: 'BLOB',
    values: [float32Blob(...Array.from({ length: 768 }, (_, i) => Math.sin(i)))],
    expected: { type: 'vector(768)' },
  },
  {
    name: 'V02 3,072 bytes of float64 are 384 dimensions, rounded and told',
    declared: 'BLOB',
    values: [float64Blob, null],
    expected: { type: 'vector(384)', convert: 'float64-blob', loss: 'rounded', accept: true, expectedRejects: 0 },
    warnings: ['accepted-loss'],
  },
  {
    name: 'V02 float64 with few digits, whose other halves are 0, are no float32',
    declared: 'BLOB',
    values: [float64s(0.5, 0.25, -1, 2, 0.5, 1, 1, -0.5), float64s(1, 1, 0, 1, 0.25, 1, 1, 0.5)],
    expected: { type: 'vector(8)', convert: 'float64-blob' },
    warnings: ['accepted-loss'],
  },
  {
    name: 'V02 where both widths are sane, float32 is taken',
    declared: 'BLOB',
    values: [float32Blob(...Array.from({ length: 16 }, (_, i) => (i % 3 === 0 ? -1 : 1)))],
    expected: { type: 'vector(16)', convert: 'float32-blob', loss: 'exact' },
    warnings: [],
  },
  {
    name: 'V04 two models in one column: vectors of any length',
    declared: 'BLOB',
    values: [ofLength(384), ofLength(768), ofLength(384), null],
    expected: { type: 'vector', convert: 'float32-blob', loss: 'exact', expectedRejects: 0 },
    warnings: ['mixed-dimensions'],
  },
  {
    name: 'V04 one odd length among them is no model: bytea with a hint',
    declared: 'BLOB',
    values: [...Array.from({ length: 30 }, () => ofLength(384)), ofLength(768)],
    expected: { type: 'bytea' },
    warnings: ['no-vector'],
  },
  {
    name: 'V03 a pair in a column named embedding',
    declared: 'TEXT',
    column: { name: 'embedding' },
    values: ['[0.1,0.2]'],
    expected: { type: 'vector(2)', convert: null, loss: 'rounded', accept: true, expectedRejects: 0 },
    warnings: ['accepted-loss'],
  },
  { name: 'V03 JSON arrays of 16 numbers', declared: 'TEXT', values: [vector16], expected: { type: 'vector(16)' } },
  {
    name: 'V03 a pair in any other column is a document',
    declared: 'TEXT',
    column: { name: 'position' },
    values: ['[0.1,0.2]'],
    expected: { type: 'jsonb' },
  },
  {
    name: 'V04 lengths mixed: bytea with a hint',
    declared: 'BLOB',
    values: [eight, float32Blob(...Array<number>(16).fill(0.5))],
    expected: { type: 'bytea' },
    warnings: ['no-vector'],
  },
  {
    name: 'V04 a NaN among them: bytea with a hint',
    declared: 'BLOB',
    values: amongGood(eight, [float32Blob(NaN, 0, 0, 0, 0, 0, 0, 0)]),
    expected: { type: 'bytea' },
    warnings: ['no-vector'],
  },
  {
    name: 'V04 in a declared vector column it is a reject',
    declared: 'F32_BLOB(8)',
    values: amongGood(eight, [float32Blob(NaN, 0, 0, 0, 0, 0, 0, 0)]),
    expected: { type: 'vector(8)', convert: 'float32-blob', expectedRejects: 1 },
  },
  {
    name: 'V03 a declared vector column with blobs and JSON arrays reads both',
    declared: 'F32_BLOB(8)',
    values: amongGood(eight, ['[1,2,3,4,5,6,7,8]']),
    expected: { type: 'vector(8)', convert: null, expectedRejects: 0 },
  },
];

/** [values, type in a key, type elsewhere] */
const keyRows: readonly (readonly [readonly SourceValue[], string, string])[] = [
  [['2024-01-02 03:04', '2024-01-02 03:04:00'], 'text', 'timestamptz'],
  [['{}', '{ }'], 'text', 'jsonb'],
  [[vector16], 'text', 'vector(16)'],
  [[uuid], 'uuid', 'uuid'],
  [[isoDay], 'date', 'date'],
];

describe('mapping/choose-type', () => {
  for (const [values, kept, free] of keyRows) {
    it(`texts of a key stay different: ${free} becomes ${kept}`, () => {
      assert.deepEqual([choiceFor('TEXT', values, {}, { inKey: true }).type, choiceFor('TEXT', values).type], [kept, free]);
    });
  }

  for (const { name, declared, values, expected, column, options, warnings } of rows) {
    it(name, () => {
      const choice = choiceFor(declared, values, column, options);
      const seen = Object.fromEntries(Object.keys(expected).map((key) => [key, choice[key as keyof Expected]]));
      assert.deepEqual(seen, expected);
      if (warnings !== undefined)
        assert.deepEqual(
          choice.warnings.map(({ code }) => code),
          warnings,
        );
    });
  }

  it('keeps a declared type up to 1 % of contradictions and not beyond', () => {
    const ten = Array.from({ length: 10 }, () => 'x');
    const integers = (count: number): bigint[] => Array.from({ length: count }, () => 1n);
    assert.equal(choiceFor('INTEGER', [...integers(990), ...ten]).type, 'bigint');
    assert.equal(choiceFor('INTEGER', [...integers(989), ...ten]).type, 'text');
  });

  const sentences: readonly (readonly [string, readonly SourceValue[], string])[] = [
    ['INTEGER', [1n, 2147483648n], '2 of 2 values are integers, max 2147483648'],
    ['REAL', [0.25, -1.5, null], '2 of 2 values are reals, from -1.5 to 0.25, at most 2 decimal places; 1 NULL'],
    ['INTEGER', amongGood(5n, ['abc']), '1000 of 1001 values are integers, max 5; 1 text, longest 3 characters'],
    [
      'BLOB',
      [eight],
      '1 of 1 value is a blob, each of 32 bytes; 8 dimensions; each of norm 1.183; as 4 float64 none would be of sane size; read as 8 float32, bit by bit',
    ],
    ['TEXT', [], 'the table is empty'],
    ['TEXT', [null, null], 'all 2 values are NULL'],
  ];
  for (const [declared, values, sentence] of sentences) {
    it(`says why: ${sentence}`, () => assert.equal(choiceFor(declared, values).evidence, sentence));
  }

  it('says when only a sample was read', () => {
    assert.equal(choiceFor('INTEGER', [1n], {}, { sample: 1 }).evidence, '1 of 1 value is an integer, max 1; from a sample of 1 row');
  });
});
