import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  decimalPlaces,
  fitsInt64,
  isBoolean,
  isUuid,
  temporalFormat,
  type TemporalFormat,
} from '../../../../src/core/inference/detectors.ts';
import { jsonFormat } from '../../../../src/core/inference/json-format.ts';

describe('detectors of text formats', () => {
  // prettier-ignore
  const numbers: readonly (readonly [text: string, places: number])[] = [
    ['0', 0], ['17', 0], ['-17', 0], ['9223372036854775808', 0], ['1.5', 1], ['-0.50', 2], ['0.000', 3], ['10.01', 2], ['007', -1], ['00', -1],
    ['00.5', -1], ['1e5', -1], ['+1', -1], ['-0', -1], ['-0.0', -1], ['.5', -1], ['5.', -1], ['1.2.3', -1], ['-', -1], ['', -1], ['.', -1], ['-.5', -1],
    [' 1', -1], ['1 ', -1], ['1,5', -1], ['1_000', -1], ['0x1F', -1], ['NaN', -1], ['Infinity', -1], ['١٢', -1], ['12a', -1], ['1\u0000', -1],
    ['9'.repeat(1_001), -1],
  ];
  for (const [text, places] of numbers)
    it(`decimal places of "${text.slice(0, 30)}": ${places}`, () => assert.equal(decimalPlaces(text), places));

  it('what String prints of any integer is an integer, and 64 bits are told', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n }), (value) => {
        assert.equal(decimalPlaces(String(value)), 0);
        assert.equal(fitsInt64(String(value)), value === BigInt.asIntN(64, value));
      }),
    );
    for (const [text, fits] of [
      ['9223372036854775807', true],
      ['9223372036854775808', false],
      ['-9223372036854775808', true],
      ['-9223372036854775809', false],
    ] as const) {
      assert.equal(fitsInt64(text), fits);
    }
  });

  // prettier-ignore
  const instants: readonly (readonly [text: string, format: TemporalFormat | null])[] = [
    ['2024-01-02', 'date'], ['0001-01-01', 'date'], ['9999-12-31', 'date'], ['2024-02-29', 'date'], ['2000-02-29', 'date'], ['2023-02-29', null],
    ['1900-02-29', null], ['2024-02-30', null], ['2024-04-31', null], ['2024-13-01', null], ['2024-00-10', null], ['2024-01-00', null],
    ['0000-01-01', null], ['2024-1-2', null], ['24-01-02', null], ['02/03/2024', null], ['2024/01/02', null], ['20240102', null], ['2024-01-02 ', null],
    ['12024-01-02', null], ['-024-01-02', null], ['03:04:05', 'time'], ['23:59:59.999999', 'time'], ['00:00:00', 'time'], ['03:04:05.5', 'time'],
    ['03:04', null], ['25:00:00', null], ['24:00:00', null], ['03:60:00', null], ['03:04:60', null], ['03:04:05.50', null], ['03:04:05.1234567', null],
    ['03:04:05.', null], ['3:04:05', null], ['2024-01-02 03:04:05', 'timestamp'], ['2024-01-02T03:04:05.678', 'timestamp'],
    ['2024-01-02 03:04', 'timestamp'], ['2024-01-02 03:04:05.120', 'timestamp'], ['2024-01-02 24:00:00', null], ['2024-02-30 00:00:00', null],
    ['2024-01-02 03:04:05.1234567', null], ['2024-01-02  03:04:05', null], ['2024-01-02 3:04:05', null], ['2024-01-02T', null],
    ['2024-01-02T03:04:05Z', 'timestamptz'], ['2024-01-02 03:04:05.678+05:30', 'timestamptz'], ['2024-01-02 03:04+05', 'timestamptz'],
    ['2024-01-02 03:04:05-0800', 'timestamptz'], ['2024-01-02T03:04:05ZZ', null], ['2024-01-02 03:04:05+5', null], ['2024-01-02 03:04:05+16:00', null],
    ['2024-01-02 03:04:05+05:60', null], ['2024-01-02 03:04:05 UTC', null], ['2024-01-02Z', null], ['', null], ['now', null], ['infinity', null],
    ['17', null],
  ];
  for (const [text, format] of instants) it(`"${text}" is ${format}`, () => assert.equal(temporalFormat(text), format));

  it('what Date prints of any instant of the years 1 to 9999 is one', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
        (date) => {
          const text = date.toISOString();
          assert.equal(temporalFormat(text), 'timestamptz');
          assert.equal(temporalFormat(text.slice(0, -1)), 'timestamp');
          assert.equal(temporalFormat(text.slice(0, 10)), 'date');
        },
      ),
    );
  });

  it('any ten characters that look like a day are one exactly when the calendar has it', () => {
    const two = fc.integer({ min: 0, max: 40 }).map((n) => String(n).padStart(2, '0'));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999 }), two, two, (year, month, day) => {
        const text = `${String(year).padStart(4, '0')}-${month}-${day}`;
        const date = new Date(`${text}T00:00:00Z`);
        const real = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
        assert.equal(temporalFormat(text) === 'date', real, text);
      }),
    );
  });

  const uuids: readonly (readonly [string, boolean])[] = [
    ['123e4567-e89b-12d3-a456-426614174000', true],
    ['00000000-0000-0000-0000-000000000000', true],
    ['123E4567-E89B-12D3-A456-426614174000', false],
    ['123e4567e89b12d3a456426614174000', false],
    ['{123e4567-e89b-12d3-a456-42661417400}', false],
    ['123e4567-e89b-12d3-a456-42661417400g', false],
    ['123e4567-e89b-12d3-a456_426614174000', false],
    ['', false],
  ];
  for (const [text, expected] of uuids) it(`"${text}" is ${expected ? 'a' : 'no'} uuid`, () => assert.equal(isUuid(text), expected));

  it('only what boolean::text prints is boolean', () => {
    assert.deepEqual(['true', 'false', 't', 'TRUE', '1', 'yes', ''].map(isBoolean), [true, true, false, false, false, false, false]);
  });

  // prettier-ignore
  const documents: readonly (readonly [text: string, kind: string | null, length?: number])[] = [
    ['{}', 'object'], ['{"a":1}', 'object'], [' \n{"a":[1]}\t', 'object'], ['[]', 'array'], ['[1,"a"]', 'array'], ['[null]', 'array'],
    ['[[1]]', 'array'], ['[1]', 'vector', 1], ['[0.1, -2e-3, 5]', 'vector', 3], ['[1e999]', 'array'], ['{"k":"\\u0041"}', 'object'],
    ['{"k":"\\\\u0000"}', 'object'], ['{"k":"\\ud83c\\udf88"}', 'object'], ['{"k":"\\u0000"}', null], ['{"k\\u0000":1}', null], ['["\\ud800"]', null],
    ['{bad', null], ['{"a":1}x', null], ['[1,]', null], ['[NaN]', null], ['{"a":1', null], ['"text"', null], ['12', null], ['null', null],
    ['true', null], ['', null],
  ];
  for (const [text, kind, length] of documents) {
    it(`S32 ${JSON.stringify(text)} is ${kind}`, () => {
      const found = jsonFormat(text);
      assert.equal(found?.kind ?? null, kind);
      if (length !== undefined) assert.equal(found!.length, length);
    });
  }

  it('detectors never throw, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.string({ unit: fc.constantFrom(...'0123456789-:.TZ+ e') })),
        (text) => {
          for (const detector of [decimalPlaces, isUuid, isBoolean, temporalFormat, jsonFormat]) detector(text);
        },
      ),
    );
  });
});
