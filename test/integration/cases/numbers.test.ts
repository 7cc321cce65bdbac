import assert from 'node:assert/strict';
import { amongGoodRows, describeCase } from '../../helpers/case-setting.ts';

const exact = /None: every value arrived exactly\./;

describeCase('S01', 'integers of 64 bits in a column declared INT', (setting) => {
  const limits = ['2147483648', '9223372036854775807', '-9223372036854775808'];

  it('are bigint, exact', () =>
    setting.migrate(amongGoodRows('INT', limits, 'n'), async (run) => {
      assert.equal(run.column('v').type, 'bigint');
      assert.deepEqual((await run.cells('v')).slice(0, 3), limits);
      await run.compare('t', { id: 'integer', v: 'integer' });
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
      assert.match(run.reportText, exact);
    }));
});

describeCase('S02', 'reals', (setting) => {
  it('are double precision with the same bits', () =>
    setting.migrate(amongGoodRows('REAL', ['3.141592653589793', '16777217.0', '1e300', '5e-324', '-0.0'], 'n / 8.0'), async (run) => {
      assert.equal(run.column('v').type, 'double precision');
      const bits = await run.query(`SELECT encode(float8send(v), 'hex') FROM ${run.name('t')} ORDER BY id LIMIT 3`);
      assert.deepEqual(bits, [['400921fb54442d18'], ['4170000010000000'], ['7e37e43c8800759c']]);
      await run.compare('t', { id: 'integer', v: 'bits' });
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
      assert.match(run.reportText, exact);
    }));
});

describeCase('S30', 'decimals wider than declared', (setting) => {
  it('numeric as wide as the profile says, nothing is rounded', () =>
    setting.migrate(amongGoodRows('DECIMAL(10,2)', ['12345678901.239', "'1e3'"], 'n + 0.25'), async (run) => {
      assert.equal(run.column('v').type, 'numeric(14,3)');
      assert.deepEqual((await run.cells('v')).slice(0, 2), ['12345678901.239', '1000.000']);
      await run.compare('t', { id: 'integer', v: 'decimal' });
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    }));
});

describeCase('S33', 'infinite reals', (setting) => {
  it('are Infinity and -Infinity', () =>
    setting.migrate(amongGoodRows('REAL', ['9e999', '-9e999'], 'n / 8.0'), async (run) => {
      assert.deepEqual((await run.cells('v')).slice(0, 2), ['Infinity', '-Infinity']);
      await run.compare('t', { id: 'integer', v: 'bits' });
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    }));

  it('also in a column of decimals', () =>
    setting.migrate(amongGoodRows('DECIMAL(10,2)', ['9e999', '-9e999'], 'n + 0.25'), async (run) => {
      const infinite = (await run.cells('v')).slice(0, 2);
      const rejected = run.rejects.map(({ provenance }) => provenance);
      assert.ok(
        run.column('v').type === 'numeric' ? infinite[0] === 'Infinity' : rejected.join() === 'rowid 1,rowid 2',
        `${run.column('v').type}: ${infinite.join()}; rejected ${rejected.join()}`,
      );
    }));
});
