import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { kernelPeakMb } from '../helpers/kernel-peak.ts';
import { parseRun, startCli } from '../helpers/run-cli.ts';
import { assertMigrated, faultSetting, type FaultSetting } from './fault-setting.ts';

const rows = 1_000_000;
const limitMb = 300;

describe('memory of a run of 1,000,000 rows', function () {
  this.timeout(300_000);
  let setting: FaultSetting;

  before(async function () {
    if (!existsSync('/proc/self/status')) this.skip();
    setting = await faultSetting(this, rows);
  });

  after(async () => {
    await setting?.remove();
  });

  it(`stays within ${limitMb} MB, all threads, as the kernel counts it`, async () => {
    const { url } = await setting.createDatabase();
    const run = startCli(['run', setting.store, '--target', 'env:FAULT_URL', '--json'], { bundle: true, environment: { FAULT_URL: url } });
    const peak = await kernelPeakMb(run);
    const result = parseRun(await run.finished);
    await assertMigrated(setting, url, result);
    assert.ok(peak > 0 && peak <= limitMb, `${peak} MB by the kernel's count`);
    assert.ok(Math.abs(result.peakRssMb - peak) < 30, `the run says ${result.peakRssMb} MB, the kernel ${peak} MB`);
  });
});
