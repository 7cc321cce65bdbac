import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { SourceValue } from '../../src/core/model/source-value.ts';
import type { ConverterName } from '../../src/core/model/type-mapping.ts';
import type { Target } from '../../src/core/target/target.ts';
import { TupleReader } from '../../src/core/tuple/tuple-reader.ts';
import { TupleSummer } from '../../src/core/tuple/tuple-summer.ts';
import { column } from '../helpers/encode-cell.ts';
import { copyRows } from '../helpers/copy-rows.ts';
import { describeOnTargets } from '../helpers/target-harness.ts';

/** A value as a source hands it over, and the text that PostgreSQL itself shall read as the same value. */
interface Sample {
  readonly value: SourceValue;
  readonly text: string;
}

interface Case {
  readonly type: string;
  readonly convert?: ConverterName;
  readonly samples: fc.Arbitrary<Sample>;
}

const text = (arbitrary: fc.Arbitrary<string>): fc.Arbitrary<Sample> => arbitrary.map((value) => ({ value, text: value }));
const number = (arbitrary: fc.Arbitrary<number>): fc.Arbitrary<Sample> =>
  arbitrary.map((value) => ({ value, text: Object.is(value, -0) ? '-0' : String(value) }));
const bigint = (min: bigint, max: bigint): fc.Arbitrary<Sample> => fc.bigInt({ min, max }).map((value) => ({ value, text: String(value) }));

const anyText = fc.string({
  unit: fc.constantFrom('a', 'Z', '9', ' ', '\t', '\n', '\\', "'", '"', '{', ',', 'é', '\u{1f600}', '漢', '\u007f', '\u0001'),
  maxLength: 80,
});
const decimalText = fc
  .tuple(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), fc.integer({ min: -30, max: 20 }))
  .map(([digits, exponent]) => `${digits}e${exponent}`);
const instant = fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true });
const micros = fc.integer({ min: 0, max: 999_999 }).map((fraction) => String(fraction).padStart(6, '0'));
const zone = fc.constantFrom('', 'Z', '+05:30', '-08', '+0130');
const timestampText = fc
  .tuple(instant, micros, fc.constantFrom(' ', 'T'))
  .map(([date, fraction, separator]) => `${date.toISOString().slice(0, 19).replace('T', separator)}.${fraction}`);
const shortReal = fc
  .tuple(fc.integer({ min: -99_999_999, max: 99_999_999 }), fc.integer({ min: 0, max: 5 }))
  .map(([digits, places]) => digits / 10 ** places);
const json = fc
  .jsonValue({ maxDepth: 3 })
  .map((value) => JSON.stringify(value))
  .filter((value) => !/\\u0000|\\ud[89a-f]/i.test(value));
const single = fc.float({ noNaN: true, noDefaultInfinity: true });
const elements = (values: readonly number[]): string =>
  `[${values.map((value) => (Object.is(value, -0) ? '-0' : String(value))).join(',')}]`;
const array = <T>(element: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(element, { minLength: 5, maxLength: 5 });

const cases: readonly Case[] = [
  { type: 'smallint', samples: bigint(-32768n, 32767n) },
  { type: 'integer', samples: bigint(-(2n ** 31n), 2n ** 31n - 1n) },
  { type: 'bigint', samples: bigint(-(2n ** 63n), 2n ** 63n - 1n) },
  {
    type: 'boolean',
    samples: fc.constantFrom<Sample>(
      { value: 1n, text: 'true' },
      { value: 'f', text: 'f' },
      { value: 'YES', text: 'YES' },
      { value: 0, text: 'off' },
    ),
  },
  { type: 'double precision', samples: number(fc.double()) },
  { type: 'real', samples: number(single) },
  { type: 'numeric', samples: text(decimalText) },
  { type: 'numeric', samples: number(fc.double({ noNaN: true, noDefaultInfinity: true })) },
  { type: 'numeric', samples: bigint(-(10n ** 38n), 10n ** 38n) },
  { type: 'numeric(40,6)', samples: text(decimalText.filter((value) => Number(value.split('e')[1]) < 8)) },
  { type: 'numeric(12,4)', samples: number(shortReal) },
  { type: 'numeric(30,2)', samples: number(fc.double({ min: -1e12, max: 1e12, noNaN: true })) },
  { type: 'numeric(18,0)', samples: number(fc.double({ min: -1e15, max: 1e15, noNaN: true })) },
  { type: 'text', samples: text(anyText) },
  {
    type: 'text',
    samples: text(
      fc.string({ unit: 'binary', minLength: 30, maxLength: 400 }).filter((value) => !value.includes('\0') && value.isWellFormed()),
    ),
  },
  { type: 'varchar(400)', samples: text(anyText) },
  { type: 'char(100)', samples: text(anyText) },
  { type: 'json', samples: text(json) },
  { type: 'jsonb', samples: text(json) },
  {
    type: 'bytea',
    samples: fc.uint8Array({ maxLength: 300 }).map((value) => ({ value, text: `\\x${Buffer.from(value).toString('hex')}` })),
  },
  { type: 'uuid', samples: text(fc.uuid()) },
  { type: 'date', samples: text(instant.map((date) => date.toISOString().slice(0, 10))) },
  { type: 'time', samples: text(timestampText.map((value) => value.slice(11))) },
  { type: 'timestamp', samples: text(timestampText) },
  { type: 'timestamp(3)', samples: text(timestampText) },
  { type: 'timestamp(0)', samples: text(timestampText) },
  { type: 'timestamptz', samples: text(fc.tuple(timestampText, zone).map((parts) => parts.join(''))) },
  { type: 'timestamptz(2)', samples: text(timestampText) },
  {
    type: 'timestamptz',
    convert: 'epoch-ms',
    samples: instant.map((date) => ({ value: BigInt(date.getTime()), text: date.toISOString() })),
  },
  { type: 'timestamptz', convert: 'epoch-s', samples: instant.map((date) => ({ value: date.getTime() / 1000, text: date.toISOString() })) },
  {
    type: 'vector(5)',
    samples: array(single).map((values) => ({ value: new Uint8Array(Float32Array.from(values).buffer), text: elements(values) })),
  },
  { type: 'vector(5)', samples: text(array(single).map(elements)) },
  { type: 'halfvec(5)', samples: text(array(fc.float({ min: -60_000, max: 60_000, noNaN: true })).map(elements)) },
];

describeOnTargets('what is encoded is what the server itself reads', (target) => {
  for (const { type, convert = 'auto', samples } of cases) {
    it(`${type}${convert === 'auto' ? '' : ` (${convert})`} from ${typeof fc.sample(samples, 1)[0]!.value}`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(samples, { minLength: 40, maxLength: 120 }), (given) =>
          compareWithServer(target(), type, convert, given),
        ),
        { numRuns: 2 },
      );
    });
  }

  it('V01 gives float32 blobs back bit for bit, also subnormals and -0', async () => {
    const values = [1e-45, -0, 3.4028234663852886e38, 0.1].map(Math.fround);
    await compareWithServer(target(), 'vector(4)', 'float32-blob', [
      { value: new Uint8Array(Float32Array.from(values).buffer), text: '[1e-45,-0,3.4028235e38,0.1]' },
    ]);
  });

  it('takes enum labels', async () => {
    await target().query(`DROP TYPE IF EXISTS mood; CREATE TYPE mood AS ENUM ('sad', 'ünhappy', 'glad')`);
    await compareWithServer(
      target(),
      'mood',
      'auto',
      ['sad', 'ünhappy', 'glad'].map((value) => ({ value, text: value })),
    );
  });
});

/** Two columns, one copied in binary form, the other read by the server from text: they must be equal, print alike, and hash alike as tuples. */
async function compareWithServer(target: Target, type: string, convert: ConverterName, samples: readonly Sample[]): Promise<void> {
  await target.query(`DROP TABLE IF EXISTS oracle; CREATE TABLE oracle (i integer, copied ${type}, said ${type})`);
  const columns = [column('integer'), column(type, { convert })];
  const sent = await copyRows(
    target,
    'COPY oracle (i, copied) FROM STDIN (FORMAT binary)',
    columns,
    samples.map(({ value }, i) => [BigInt(i), value]),
  );
  await target.query(
    `UPDATE oracle SET said = given.text::${type} FROM unnest($1::int[], $2::text[]) AS given (i, text) WHERE given.i = oracle.i`,
    [samples.map((_, i) => String(i)), samples.map((sample) => sample.text)],
  );
  const { rows } = await target.query(
    'SELECT i, copied::text AS copied, said::text AS said FROM oracle WHERE copied::text IS DISTINCT FROM said::text ORDER BY i',
  );
  assert.deepEqual(
    rows.map((row) => ({ ...row })),
    [],
  );
  const sums = sent.map((tuple) => hash(columns, tuple));
  for (const side of ['copied', 'said']) {
    const read: string[] = [];
    const reader = new TupleReader((buffer, start, end) => read.push(hash(columns, buffer.subarray(start, end))));
    for await (const piece of target.copyOut(
      `COPY (SELECT i, ${side} FROM oracle ORDER BY i) TO STDOUT (FORMAT binary)`,
      new AbortController().signal,
    ))
      reader.push(piece);
    reader.end();
    assert.deepEqual(read, sums, `hashes of "${side}"`);
  }
}

function hash(columns: Parameters<typeof TupleSummer.create>[0], tuple: Buffer): string {
  const summer = TupleSummer.create(columns, [0]);
  summer.read(tuple, 0, tuple.length);
  return [...summer.lanes].join(' ');
}
