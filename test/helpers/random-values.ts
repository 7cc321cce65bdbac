import fc from 'fast-check';

/** What the values of a random column mostly are. */
export type Kind =
  | 'integer'
  | 'real'
  | 'decimal'
  | 'text'
  | 'blob'
  | 'flag'
  | 'date'
  | 'time'
  | 'datetime'
  | 'epoch-s'
  | 'epoch-ms'
  | 'julian'
  | 'json'
  | 'uuid'
  | 'vector';

/** SQL of the n-th of many good values, by `n` (1, 2, …). */
export const goodValues: Readonly<Record<Kind, string>> = {
  integer: 'n',
  real: 'n / 8.0',
  decimal: 'n + 0.25',
  text: "'word ' || n",
  blob: "CAST('blob ' || n AS BLOB)",
  flag: 'n % 2',
  date: "date('2020-01-01', n || ' days')",
  time: "time(n * 61, 'unixepoch')",
  datetime: "datetime(1700000000 + n * 3601, 'unixepoch')",
  'epoch-s': '1600000000 + n',
  'epoch-ms': '1600000000000 + n',
  julian: '2450000.5 + n',
  json: "json_object('n', n)",
  uuid: "printf('123e4567-e89b-12d3-a456-%012x', n)",
  vector: "CAST(x'0000803f00000040' || CAST(printf('%c%c', 64, 64 + n % 60) AS BLOB) || x'4040' AS BLOB)",
};

/** A value of a column as SQL: mostly of its kind, sometimes NULL, sometimes anything. */
export function randomValue(kind: Kind): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 7, arbitrary: ofKind[kind]() },
    { weight: 1, arbitrary: fc.constant('NULL') },
    { weight: 1, arbitrary: fc.oneof(integer(), real(), text(), blob(), invalidText()) },
  );
}

const ofKind: Readonly<Record<Kind, () => fc.Arbitrary<string>>> = {
  integer,
  real,
  decimal: () => fc.oneof(cents(), integer(), real()),
  text,
  blob,
  flag: () => fc.constantFrom('0', '1', "'true'", "'f'", "'No'", '2'),
  date: () => fc.oneof(isoText(10), fc.constantFrom("'2024-02-30'", "'0001-01-01'", "'9999-12-31'", "''")),
  time: () => fc.constantFrom("'03:04:05'", "'24:00:00'", "'25:00:00'", "'03:04'", "'03:04:05.25'", "'03:04:05.1234567'"),
  datetime: () =>
    fc.oneof(
      isoText(19),
      isoText(10),
      fc.constantFrom("'2024-01-02T03:04:05.678Z'", "'2024-01-02 03:04:05+05:30'", "''", "'2024-01-02 03:04:05.1234567'", "'infinity'"),
    ),
  'epoch-s': () =>
    fc.oneof(
      whole(0n, 4_000_000_000n),
      fc.integer({ min: 0, max: 4e9 }).map((n) => realText(n / 4)),
    ),
  'epoch-ms': () => whole(200_000_000_000n, 4_000_000_000_000n),
  julian: () => fc.double({ min: 2_400_000, max: 2_500_000, noNaN: true }).map(realText),
  json: () =>
    fc.oneof(
      fc.jsonValue({ maxDepth: 2 }).map((value) => textLiteral(JSON.stringify(value))),
      fc.constantFrom(
        `'{"a":1,"a":2}'`,
        `'{"n":1e400}'`,
        `'{bad'`,
        `'{"k":"\\u0000"}'`,
        `'[1, 2.50]'`,
        `'["\\ud800"]'`,
        `'12345678901234567890'`,
      ),
    ),
  uuid: () =>
    fc.oneof(
      fc.uuid().map(textLiteral),
      fc.uuid().map((id) => textLiteral(id.toUpperCase())),
      bytesOf(16, 16),
    ),
  vector: () =>
    fc.oneof(
      fc.array(fc.float({ noNaN: true, noDefaultInfinity: true, min: -100, max: 100 }), { minLength: 3, maxLength: 3 }).map(vectorLiteral),
      fc
        .array(fc.double({ noNaN: true, min: -100, max: 100 }), { minLength: 3, maxLength: 3 })
        .map((list) => textLiteral(JSON.stringify(list))),
    ),
};

function integer(): fc.Arbitrary<string> {
  const edges = [0n, 1n, -1n, 32767n, 32768n, 2n ** 31n, -(2n ** 31n) - 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)];
  return fc.oneof(fc.constantFrom(...edges).map(String), whole(-1000n, 1000n), whole(-(2n ** 63n), 2n ** 63n - 1n));
}

function whole(min: bigint, max: bigint): fc.Arbitrary<string> {
  return fc.bigInt({ min, max }).map(String);
}

function real(): fc.Arbitrary<string> {
  const edges = [
    0.1, -0.5, 5, 1e300, -1e-300, 5e-324, 1.7976931348623157e308, 16777217, 9007199254740993, 1e15, 1e16, 1e21, 1e22, 123456.789e-12,
  ];
  return fc.oneof(fc.constantFrom(...edges, Infinity, -Infinity, -0), fc.double({ noNaN: true })).map(realText);
}

function cents(): fc.Arbitrary<string> {
  return fc.integer({ min: -99_999_999, max: 99_999_999 }).map((n) => realText(n / 100));
}

function text(): fc.Arbitrary<string> {
  const telling = [
    ...[
      '',
      ' ',
      '0',
      '007',
      '+1',
      '1e5',
      '-7',
      '1.50',
      '99999999999999999999',
      '9223372036854775808',
      'true',
      'f',
      'NaN',
      'Infinity',
      '{}',
      '[1,2]',
    ],
    ...[
      '2024-01-02',
      '2024-01-02 03:04:05',
      '03:04:05',
      '\\N',
      '\\.',
      'a\0b',
      'tab\t\r\n',
      'é',
      'e\u0301',
      '🎈',
      '\ufeffbom',
      'Straße',
      'ABC',
      'abc',
    ],
  ];
  return fc.oneof(fc.constantFrom(...telling), fc.string({ maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 8 })).map(textLiteral);
}

function invalidText(): fc.Arbitrary<string> {
  return fc
    .oneof(fc.constantFrom('61ff62', 'c3', 'eda080', 'f5808080', 'c080'), fc.uint8Array({ maxLength: 6 }).map(hex))
    .map((digits) => `CAST(x'${digits}' AS TEXT)`);
}

function blob(): fc.Arbitrary<string> {
  return fc.oneof(bytesOf(0, 20), bytesOf(16, 16), fc.constant("x'414243'"));
}

function bytesOf(minLength: number, maxLength: number): fc.Arbitrary<string> {
  return fc.uint8Array({ minLength, maxLength }).map((bytes) => `x'${hex(bytes)}'`);
}

function isoText(length: number): fc.Arbitrary<string> {
  return fc
    .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
    .map((date) => `'${date.toISOString().slice(0, length).replace('T', ' ')}'`);
}

function vectorLiteral(numbers: readonly number[]): string {
  return `x'${hex(new Uint8Array(Float32Array.from(numbers).buffer))}'`;
}

/** Plain where that is possible, so that people can read a store that fails. */
function textLiteral(value: string): string {
  return /^[ -~]*$/.test(value) ? `'${value.replaceAll("'", "''")}'` : `CAST(x'${Buffer.from(value).toString('hex')}' AS TEXT)`;
}

function realText(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '9e999' : '-9e999';
  const digits = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(digits) ? digits : `${digits}.0`;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
