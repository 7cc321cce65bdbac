import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
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
    let kernelPeakMb = 0;
    const watch = setInterval(() => (kernelPeakMb = Math.max(kernelPeakMb, peakMb(run.pid))), 50);
    const outcome = await run.finished.finally(() => clearInterval(watch));
    const result = parseRun(outcome);
    await assertMigrated(setting, url, result);
    assert.ok(kernelPeakMb > 0 && kernelPeakMb <= limitMb, `${kernelPeakMb} MB by the kernel's count`);
    assert.ok(Math.abs(result.peakRssMb - kernelPeakMb) < 30, `the run says ${result.peakRssMb} MB, the kernel ${kernelPeakMb} MB`);
  });
});

/** The kernel's own high-water mark of a process; 0 when it is gone. */
function peakMb(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
