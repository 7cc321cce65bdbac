import assert from 'node:assert/strict';
import { amongGoodRows, describeCase } from '../../helpers/case-setting.ts';

describeCase('S01', 'integers of 64 bits in a column declared INT', (setting) => {
  const limits = ['2147483648', '9223372036854775807', '-9223372036854775808'];

  it('are bigint, exact', () =>
    setting.migrate(amongGoodRows('INT', limits, 'n'), async (run) => {
      assert.equal(run.column('v').type, 'bigint');
      assert.deepEqual((await run.cells('v')).slice(0, 3), limits);
      await run.compare('t', { id: 'integer', v: 'integer' });
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
      assert.match(run.reportText, /None: every value arrived exactly\./);
    }));
});
