import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { kernelPeakMb } from '../helpers/kernel-peak.ts';
import { startCli } from '../helpers/run-cli.ts';

/** Of one array in one file; the long form takes 300 (`SLUICE_TEST_JSON_MB=300`). */
const many = Number(process.env['SLUICE_TEST_JSON_MB'] ?? 60);
const few = 15;
/** What a run needs whatever it reads. */
const limitMb = 400;

describe(`J10 memory of reading one array of ${few} and ${many} MB`, function () {
  this.timeout(600_000);
  const folder = mkdtempSync(join(tmpdir(), 'sluice-json-memory-'));

  before(function () {
    if (!existsSync('/proc/self/status')) this.skip();
  });
  after(() => rmSync(folder, { recursive: true }));

  it('is about the same, all threads, as the kernel counts it', async () => {
    const [first, second] = [await peakOf(few), await peakOf(many)];
    assert.ok(first > 0 && second <= first * 1.3 && second <= limitMb, `${first} MB for ${few} MB of JSON, ${second} MB for ${many}`);
  });

  async function peakOf(megabytes: number): Promise<number> {
    const path = join(folder, `${megabytes}.json`);
    const rows = await writeArray(path, megabytes);
    const run = startCli(['inspect', path, '--json'], { bundle: true });
    const peak = await kernelPeakMb(run);
    const { stdout } = await run.finished;
    const { stores } = JSON.parse(stdout) as { stores: { tables: { rows: number }[] }[] };
    assert.equal(stores[0]?.tables[0]?.rows, rows);
    return peak;
  }
});

/** Objects of about a kilobyte; how many there are. */
async function writeArray(path: string, megabytes: number): Promise<number> {
  const file = createWriteStream(path);
  const words = 'lorem ipsum dolor sit amet '.repeat(30);
  let rows = 0;
  file.write('[');
  while (file.bytesWritten + file.writableLength < megabytes * 2 ** 20) {
    const text = JSON.stringify({ id: rows, user: { name: `user ${rows}` }, score: rows / 7, words, items: [{ k: rows }] });
    rows++;
    if (!file.write(`${rows === 1 ? '' : ',\n'}${text}`)) await once(file, 'drain');
  }
  file.end(']\n');
  await finished(file);
  return rows;
}
