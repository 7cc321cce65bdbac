import assert from 'node:assert/strict';
import { readEvidence } from '../../../../src/core/plan/read-evidence.ts';
import { typeChoices, widerTypes } from '../../../../src/core/plan/type-choices.ts';
import { choiceFor } from '../mapping/column-of-values.ts';

const reals = '31408 of 31408 values are reals, from 0.1 to 12.5, at most 2 decimal places';

describe('readEvidence', () => {
  it('reads ranges, lengths and formats', () => {
    assert.deepEqual(readEvidence(reals), {
      only: 'real',
      integers: null,
      integerDigits: 2,
      scale: 2,
      longest: null,
      format: null,
      sample: null,
    });
    assert.deepEqual(readEvidence('1 of 1 value is an integer, max 7; from a sample of 1 row'), {
      ...readEvidence('2 of 2 values are integers, max 7; from a sample of 2 rows'),
      sample: 1,
    });
    for (const [one, many] of [
      ['UUID', 'UUIDs'],
      ['date', 'dates'],
      ['time of day', 'times of day'],
      ['date-time with a zone', 'date-times'],
      ['JSON array', 'JSON arrays'],
      ['true or false', 'true or false'],
    ])
      assert.equal(readEvidence(`1 of 1 value is a text, longest 36 characters, 1 ${one}`).format, many);
    const integers = readEvidence('5 of 5 values are integers, min -3, max 40000; from a sample of 100 rows');
    assert.deepEqual([integers.only, integers.integers, integers.scale, integers.sample], ['integer', { min: -3n, max: 40000n }, 0, 100]);
    const texts = readEvidence('10 of 10 values are texts, longest 36 characters, 9 UUIDs, 1 empty');
    assert.deepEqual([texts.longest, texts.format, texts.integerDigits], [36, 'UUIDs', null]);
    assert.deepEqual(readEvidence('9 of 10 values are texts, longest 8 characters, 8 dates; 1 integer, max 7').format, null);
  });

  it('reads what a person wrote, and nothing where nothing is said', () => {
    const written = readEvidence('-10.25 to 100, at most 9 decimal places');
    assert.deepEqual([written.integerDigits, written.scale], [3, 9]);
    const bytes = readEvidence('every BLOB has 1536 bytes = 384 finite float32');
    assert.deepEqual([bytes.only, bytes.integerDigits, bytes.longest], [null, null, null]);
    assert.equal(readEvidence('2 of 2 values are blobs, of 10 to 20 bytes').integerDigits, null);
  });
});

describe('typeChoices', () => {
  it('understands the evidence that the planner writes', () => {
    const { type, evidence } = choiceFor('NUMERIC(4,1)', [1.5, 12.25, 100n, null]);
    assert.deepEqual([type, typeChoices({ type: 'numeric(3,2)', evidence }, null)[1]?.type], ['numeric(5,2)', 'numeric(5,2)']);
    const uuid = '0b1c9b0e-4a4e-4c8e-9f3f-3f1f6f1f2f3f';
    assert.equal(typeChoices({ type: 'text', evidence: choiceFor('TEXT', [uuid, uuid]).evidence }, null)[1]?.type, 'uuid');
    assert.deepEqual(readEvidence(choiceFor('INTEGER', [-5n, 7n]).evidence).integers, { min: -5n, max: 7n });
  });

  const offered = (type: string, evidence: string, declared: string | null = null): readonly string[] =>
    typeChoices({ type, evidence }, declared).map((choice) => choice.type);

  const cases: readonly (readonly [string, string, string | null, readonly string[]])[] = [
    ['numeric(3,2)', reals, 'REAL', ['numeric(3,2)', 'numeric(4,2)', 'numeric', 'double precision', 'text']],
    ['double precision', reals, 'REAL', ['double precision', 'numeric', 'numeric(4,2)', 'text']],
    ['bigint', '5 of 5 values are integers, max 1', 'INTEGER', ['bigint', 'numeric', 'boolean', 'smallint', 'integer', 'text']],
    ['varchar(3)', '5 of 5 values are texts, longest 8 characters', 'VARCHAR(3)', ['varchar(3)', 'varchar(8)', 'text']],
    ['text', '5 of 5 values are texts, longest 36 characters, 5 UUIDs', 'TEXT', ['text', 'uuid']],
    ['timestamptz', '', 'DATETIME', ['timestamptz', 'timestamp', 'date', 'text']],
    ['vector(384)', 'every BLOB has 1536 bytes', 'BLOB', ['vector(384)', 'bytea', 'halfvec(384)', 'jsonb']],
    ['not a type(', '', null, ['not a type(', 'text']],
  ];
  for (const [type, evidence, declared, expected] of cases) {
    it(`offers for ${type}: ${expected.slice(1).join(', ')}`, () => assert.deepEqual(offered(type, evidence, declared), expected));
  }

  it('says why', () => {
    const [current, fitted, , real] = typeChoices({ type: 'numeric(3,2)', evidence: reals }, 'REAL');
    assert.deepEqual(current, { type: 'numeric(3,2)', detail: 'current · does not hold every value', fits: false });
    assert.deepEqual(fitted, { type: 'numeric(4,2)', detail: 'holds every value', fits: true });
    assert.equal(real?.detail, 'as declared (REAL)');
  });

  it('widens to what the values need', () => {
    assert.deepEqual(widerTypes({ type: 'numeric(3,2)', evidence: reals }), ['numeric(4,2)', 'numeric']);
    assert.deepEqual(widerTypes({ type: 'smallint', evidence: '5 of 5 values are integers, max 3000000000' }), ['bigint', 'numeric']);
    assert.deepEqual(widerTypes({ type: 'text', evidence: '' }), []);
  });
});
