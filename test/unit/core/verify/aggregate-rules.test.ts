import assert from 'node:assert/strict';
import type { SourceAggregate } from '../../../../src/core/sources/source.ts';
import { aggregateRules } from '../../../../src/core/verify/aggregate-rules.ts';
import { column } from '../../../helpers/encode-cell.ts';

const numbers: SourceAggregate = { column: 'v', nulls: '0', distinct: '3', min: '1', max: '2.345', sum: null, length: null };
const integers: SourceAggregate = { ...numbers, max: '10', sum: '13' };
const texts: SourceAggregate = { column: 'v', nulls: '1', distinct: '3', min: null, max: null, sum: null, length: '12' };

describe('aggregateRules', () => {
  const cases: readonly (readonly [type: string, source: SourceAggregate, wanted: string])[] = [
    ['bigint', integers, 'nulls distinct sum min max'],
    ['bigint', texts, 'nulls'],
    ['numeric', numbers, 'nulls distinct min max'],
    ['numeric(10,2)', integers, 'nulls sum min max'],
    ['numeric(10,-2)', integers, 'nulls min max'],
    ['double precision', numbers, 'nulls distinct min max'],
    ['real', numbers, 'nulls min max'],
    ['boolean', integers, 'nulls sum'],
    ['text', texts, 'nulls distinct length'],
    ['"Shop".mood', texts, 'nulls length'],
    ['json', texts, 'nulls length'],
    ['text', numbers, 'nulls'],
    ['bytea', numbers, 'nulls'],
    ['bytea', texts, 'nulls distinct length'],
    ['char(3)', texts, 'nulls'],
    ['jsonb', texts, 'nulls'],
    ['timestamptz', texts, 'nulls'],
    ['vector(3)', texts, 'nulls'],
    ['public.vector(3)', texts, 'nulls'],
  ];
  for (const [type, source, wanted] of cases) {
    it(`${type}: ${wanted}`, () =>
      assert.equal(
        aggregateRules(column(type), source)
          .map(({ aggregate }) => aggregate)
          .join(' '),
        wanted,
      ));
  }

  it('compares nothing but NULLs behind a converter', () => {
    assert.deepEqual(
      aggregateRules(column('timestamptz', { convert: 'epoch-s' }), integers).map(({ aggregate }) => aggregate),
      ['nulls'],
    );
    assert.deepEqual(
      aggregateRules(column('bytea', { convert: 'text-hex' }), texts).map(({ aggregate }) => aggregate),
      ['nulls'],
    );
  });

  const values: readonly (readonly [type: string, source: string, target: string, equal: boolean])[] = [
    ['numeric(10,2)', '2.345', '2.35', true],
    ['numeric(10,2)', '2.345', '2.34', false],
    ['numeric', '1', '1.000', true],
    ['numeric', '9007199254740993', '9007199254740992', false],
    ['double precision', '1e+21', '1e+21', true],
    ['double precision', '0.1', '0.10000000000000002', false],
    ['real', '0.1', '0.1', true],
    ['bigint', '5', '5', true],
    ['bigint', '5', '6', false],
  ];
  for (const [type, source, target, equal] of values) {
    it(`${type}: ${source} ${equal ? '=' : '≠'} ${target}`, () => {
      const rule = aggregateRules(column(type), { ...numbers, max: source }).find(({ aggregate }) => aggregate === 'max');
      assert.equal(rule?.equal(source, target), equal);
    });
  }
});
