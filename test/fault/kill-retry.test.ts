import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CliTarget } from '../helpers/cli-target.ts';
import { atFaultStore } from '../helpers/at-fault-store.ts';
import { describeOutcome, parseJson, parseRun, runCli, startCli } from '../helpers/run-cli.ts';

const rows = 12_000;

describe('kill -9 of a retry of rejected rows', function () {
  this.timeout(180_000);
  let target: CliTarget;
  let folder: string;

  // No key: a row that came twice would go unnoticed by the server. Every other row is about 4 kB, so that a retry takes several chunks.
  atFaultStore(
    `CREATE TABLE event (number INTEGER, v INTEGER);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
      INSERT INTO event SELECT i, CASE i % 2 WHEN 0 THEN i || ' ' || hex(zeroblob(2000)) ELSE i END FROM n;`,
    (setting) => void ({ target, folder } = setting),
  );

  it('loses no row and writes none twice when the retry is started again', async () => {
    const options = { cwd: folder, environment: target.environment };
    await runCli(['plan', 'store.db', '-o', 'store.sluice.json', '--target', target.flag], options);
    const file = join(folder, 'store.sluice.json');
    const planned = readFileSync(file, 'utf8');
    // Half of the values contradict the declared type, so a plan would choose text: this one insists.
    writeFileSync(file, planned.replace(/("to": "v",\s*"type": )"text"/, '$1"bigint"'));
    const { runId } = parseRun(await runCli(['run', file, '--on-reject', 'quarantine', '--json'], options), 3);
    writeFileSync(file, planned);
    const words = ['rejects', runId, '--retry', '--plan', file, '--json', '--progress', 'ndjson'];
    const left: number[] = [];
    for (let kill = 0; kill < 2; kill++) {
      const child = startCli(words, {
        ...options,
        onEvent: (event) => event.type === 'progress' && event.phase === 'data' && event.rows > 0 && child.killGroup(),
      });
      const outcome = await child.finished;
      assert.equal(outcome.signal, 'SIGKILL', describeOutcome(outcome));
      const [counted = ''] = await target.query(
        `SELECT concat_ws(' ', (SELECT count(*) FROM sluice.reject WHERE retried_in IS NULL), sum(rows_rejected), sum(rows_written), (SELECT count(*) FROM public.event)) FROM sluice.checkpoint`,
      );
      const [open = 0, rejected, written, stored] = counted.split(' ').map(Number);
      assert.deepEqual([rejected, written, stored], [open, rows - open, rows - open], counted);
      left.push(open);
    }
    assert.ok(
      left.every((count) => count > 0 && count < rows / 2),
      `no kill fell into the rows: ${left.join(', ')} were left`,
    );
    const last = await runCli(words, options);
    assert.equal(last.code, 0, describeOutcome(last));
    const { retried, status } = parseJson(last) as { retried: number; status: string };
    assert.equal(status, 'done');
    assert.equal(retried, left.at(-1));
    assert.deepEqual(await target.query('SELECT count(*) FROM public.event UNION ALL SELECT count(DISTINCT number) FROM public.event'), [
      String(rows),
      String(rows),
    ]);
  });
});
