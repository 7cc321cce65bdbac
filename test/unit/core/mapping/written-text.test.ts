import assert from 'node:assert/strict';
import type { TypeOptions } from '../../../../src/core/mapping/type-options.ts';
import { choiceFor } from './column-of-values.ts';

const delimited = { dialect: 'delimited' };

/** Texts of a column, then type, converter, texts that stand for NULL and codes of warnings. */
const rows: readonly (readonly [string, readonly (string | null)[], readonly unknown[], Partial<TypeOptions>?])[] = [
  ['integers', ['1', '-2', null, '9223372036854775807'], ['bigint', null, [], []]],
  ['an integer beyond 64 bits', ['1', '9223372036854775808'], ['numeric', null, [], []]],
  ['decimals', ['1.50', '2'], ['numeric', null, [], []]],
  ['a leading zero', ['1', '007'], ['text', null, [], []]],
  ['an exponent', ['1', '1e5'], ['text', null, [], []]],
  ['a sign', ['1', '+1'], ['text', null, [], []]],
  ['ISO dates', ['2024-01-02', '2024-12-31'], ['date', null, [], []]],
  ['truth values', ['true', 'false'], ['boolean', null, [], []]],
  ['0 and 1 are numbers', ['0', '1'], ['bigint', null, [], []]],
  ['an empty text among numbers', ['1', ''], ['bigint', null, [], ['empty-as-null']]],
  ['an empty text that is kept', ['1', ''], ['text', null, [], []], { emptyText: 'keep' }],
  ['null words among numbers', ['1', 'NA', '-'], ['bigint', null, ['NA', '-'], ['null-tokens']]],
  ['null words among dates', ['2024-01-02', 'null'], ['date', null, ['null'], ['null-tokens']]],
  ['null words among words', ['Ada', 'NA'], ['text', null, [], []]],
  ['null words alone', ['NA', 'NA'], ['text', null, [], []]],
  ['a day above 12', ['01/02/2024', '13/02/2024'], ['date', 'date-dmy', [], []]],
  ['a month first', ['01/02/2024', '02/13/2024'], ['date', 'date-mdy', [], []]],
  ['no day above 12', ['01/02/2024', '03/02/2024'], ['text', null, [], ['ambiguous-text']]],
  ['days of both orders', ['13/02/2024', '02/13/2024'], ['text', null, [], []]],
  ['a day that does not exist', ['30/02/2024', '13/02/2024'], ['text', null, [], []]],
  ['decimal commas', ['1.234,56', '7'], ['text', null, [], ['ambiguous-text']]],
  ['commas between groups', ['1,234.56', '1,234,567'], ['text', null, [], ['ambiguous-text']]],
];

describe('types of columns of texts', () => {
  for (const [name, values, expected, options] of rows)
    it(name, () => {
      const { type, convert, nullTokens, warnings } = choiceFor('', values, {}, { ...delimited, ...options });
      assert.deepEqual([type, convert, nullTokens, warnings.map(({ code }) => code)], expected);
    });

  it('a store with types of its own keeps texts of digits as texts', () => {
    assert.equal(choiceFor('TEXT', ['1', '2']).type, 'text');
    assert.equal(choiceFor('TEXT', ['13/02/2024']).type, 'text');
  });

  it('1,234 may be two numbers, and both are offered', () => {
    const { warnings } = choiceFor('', ['1,234', '5,678'], {}, delimited);
    assert.match(warnings[0]?.message ?? '', /decimal-comma" or "grouped-comma"/);
  });
});
