import assert from 'node:assert/strict';
import { sqlErrorKind, toSqlError } from '../../../../src/core/target/sql-errors.ts';

/** @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
const kinds: readonly (readonly [sqlstate: string, outside: string, inCopy: string])[] = [
  ['08000', 'transient', 'transient'],
  ['08006', 'transient', 'transient'],
  ['40001', 'transient', 'transient'],
  ['40P01', 'transient', 'transient'],
  ['53300', 'transient', 'transient'],
  ['55P03', 'transient', 'transient'],
  ['57P01', 'transient', 'transient'],
  ['57P05', 'transient', 'transient'],
  ['22001', 'terminal', 'row'],
  ['22P02', 'terminal', 'row'],
  ['22P03', 'terminal', 'row'],
  ['22P04', 'terminal', 'terminal'],
  ['23502', 'terminal', 'row'],
  ['54000', 'terminal', 'row'],
  ['54001', 'terminal', 'terminal'],
  ['P0001', 'terminal', 'row'],
  ['57014', 'terminal', 'terminal'],
  ['53100', 'terminal', 'terminal'],
  ['42P01', 'terminal', 'terminal'],
];

describe('sqlErrorKind', () => {
  for (const [sqlstate, outside, inCopy] of kinds) {
    it(`${sqlstate}: ${outside}, in COPY ${inCopy}`, () =>
      assert.deepEqual([sqlErrorKind(sqlstate, false), sqlErrorKind(sqlstate, true)], [outside, inCopy]));
  }
});

describe('toSqlError', () => {
  const failure = (fields: object): Error => Object.assign(new Error('no'), { code: '22P02', severity: 'ERROR' }, fields);

  for (const [where, line] of [
    ['COPY t, line 17, column v: "x"', 17],
    ['COPY t, line 3: "COPY u, line 9"', 3],
    ['PL/pgSQL function f() line 4 at RAISE\nCOPY t, line 12', 12],
    ['COPY t, Zeile 5, Spalte v: »x«', 5],
    ['COPY one, two, line 6', 6],
    ['SQL statement "x"', undefined],
  ] as const) {
    it(`reads the line of ${JSON.stringify(where)}`, () =>
      assert.equal(toSqlError(failure({ where }), { inCopy: true }).context['line'], line));
  }

  it('tells no line outside of COPY', () =>
    assert.equal(toSqlError(failure({ where: 'COPY t, line 17' }), { inCopy: false }).context['line'], undefined));

  for (const code of ['EPIPE', 'ECONNRESET', 'ETIMEDOUT', 'ERR_STREAM_DESTROYED', undefined]) {
    it(`takes ${code} for a lost connection`, () => {
      const { code: named, kind } = toSqlError(Object.assign(new Error('gone'), { code }), { inCopy: true });
      assert.deepEqual([named, kind], ['connection-lost', 'transient']);
    });
  }

  it('forgets the statement and its parameters', () => {
    const { cause } = toSqlError(failure({ query: 'SELECT $1', params: ['private'], queryOptions: {} }), { inCopy: false });
    assert.deepEqual(Object.keys(cause as object).sort(), ['code', 'severity']);
  });
});
