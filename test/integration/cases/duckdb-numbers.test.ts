import assert from 'node:assert/strict';
import { describeCase } from '../../helpers/case-setting.ts';
import { duckDbAmong, duckDbStore } from '../../helpers/duckdb.ts';

describeCase('D01', 'HUGEINT', (setting) => {
  it('is numeric, exact to the last digit', () => {
    const limits = ['170141183460469231731687303715884105727', '-170141183460469231731687303715884105728'];
    return setting.migrate(duckDbAmong('HUGEINT', [...limits, 'NULL'], 'n'), async (run) => {
      assert.equal(run.column('v').type, 'numeric(39,0)');
      assert.deepEqual((await run.cells('v')).slice(0, 4), [...limits, null, '1']);
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    });
  });
});

describeCase('D02', 'integers without a sign or without a limit', (setting) => {
  it('are numeric, exact', () => {
    const digits = '123456789012345678901234567890123456789012345678901234567890';
    const sql = `CREATE TABLE t (id INTEGER, uh UHUGEINT, ub UBIGINT, bn BIGNUM);
      INSERT INTO t VALUES (1, 340282366920938463463374607431768211455, 18446744073709551615, CAST('${digits}' AS BIGNUM)),
        (2, 0, 0, CAST('-${digits}' AS BIGNUM)), (3, NULL, NULL, NULL);`;
    return setting.migrate({ make: duckDbStore(sql) }, async (run) => {
      assert.deepEqual(
        ['uh', 'ub', 'bn'].map((name) => run.column(name).type),
        ['numeric(39,0)', 'numeric(20,0)', 'numeric'],
      );
      assert.deepEqual(await run.cells('uh'), ['340282366920938463463374607431768211455', '0', null]);
      assert.deepEqual(await run.cells('ub'), ['18446744073709551615', '0', null]);
      assert.deepEqual(await run.cells('bn'), [digits, `-${digits}`, null]);
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    });
  });
});

describeCase('D03', 'small integers without a sign', (setting) => {
  it('take the next wider type', () => {
    const sql = `CREATE TABLE t (id INTEGER, a UTINYINT, b USMALLINT, c UINTEGER, d TINYINT);
      INSERT INTO t VALUES (1, 255, 65535, 4294967295, -128), (2, 0, 0, 0, 127);`;
    return setting.migrate({ make: duckDbStore(sql) }, async (run) => {
      const columns = ['a', 'b', 'c', 'd'];
      assert.deepEqual(
        columns.map((name) => run.column(name).type),
        ['smallint', 'integer', 'bigint', 'smallint'],
      );
      assert.deepEqual(await Promise.all(columns.map((name) => run.cells(name))), [
        ['255', '0'],
        ['65535', '0'],
        ['4294967295', '0'],
        ['-128', '127'],
      ]);
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    });
  });
});

describeCase('D04', 'DECIMAL(38,10)', (setting) => {
  it('is numeric(38,10), exact, below zero too', () => {
    const values = ['-1234567890123456789012345678.0123456789', '9999999999999999999999999999.9999999999', '-0.0000000001'];
    return setting.migrate(duckDbAmong('DECIMAL(38,10)', values, 'n + 0.25'), async (run) => {
      assert.equal(run.column('v').type, 'numeric(38,10)');
      assert.deepEqual((await run.cells('v')).slice(0, 4), [...values, '1.2500000000']);
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    });
  });
});
