import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { embeddedTarget, postgresTarget, type CliTarget } from '../helpers/cli-target.ts';
import { photograph } from '../helpers/photograph.ts';
import { requirePostgres, type Cluster } from '../helpers/postgres.ts';
import { parseFailure, parseRun, startCli, type CliOutcome } from '../helpers/run-cli.ts';

/** Of the engine, all threads. A cell is held by SQLite, by the reader and by the chunk that is sent, and by the next chunk. */
const limitMb = 600;
/** Of the process that owns the embedded database. */
const embeddedLimitMb = 1_600;
const megabytes = 60;

describe('S39 large cells', function () {
  this.timeout(240_000);
  let cluster: Cluster;
  let folder: string;
  let store: string;
  let target: CliTarget;

  before(async function () {
    if (!existsSync('/proc/self/status')) this.skip();
    cluster = await requirePostgres(this);
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-large-'));
    store = join(folder, 'store.db');
  });
  afterEach(async () => {
    await target.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const build = (sql: string): void => {
    // The driver that reads would not write cells this large.
    const database = new DatabaseSync(store);
    database.exec(`CREATE TABLE note (id INTEGER PRIMARY KEY, body BLOB, title TEXT); INSERT INTO note VALUES (1, x'00', 'small'); ${sql}`);
    database.close();
  };

  async function watched(words: readonly string[]): Promise<{ readonly outcome: CliOutcome; readonly peaks: Peaks }> {
    const run = startCli(words, { cwd: folder, bundle: true, environment: target.environment });
    const peaks = { engine: 0, embedded: 0 };
    const watch = setInterval(() => notePeaks(run.pid, peaks), 50);
    const outcome = await run.finished.finally(() => clearInterval(watch));
    return { outcome, peaks };
  }

  for (const [name, makeTarget] of Object.entries({
    PostgreSQL: () => postgresTarget(cluster),
    embedded: () => Promise.resolve(embeddedTarget()),
  })) {
    it(`a blob and a text of ${megabytes} MB arrive, within ${limitMb} MB (${name})`, async () => {
      target = await makeTarget();
      const bytes = megabytes * 1_000_000;
      build(`INSERT INTO note VALUES (2, randomblob(${bytes}), 'blob'), (3, x'', hex(randomblob(${bytes / 2})));`);
      const { outcome, peaks } = await watched(['run', store, '--target', target.flag, '--json']);
      const result = parseRun(outcome);
      assert.deepEqual([result.tables[0]?.rowsWritten, result.verification.status], [3, 'match']);
      assert.deepEqual(await target.query('SELECT octet_length(body) + octet_length(title) FROM note ORDER BY id'), [
        '6',
        `${bytes + 4}`,
        `${bytes}`,
      ]);
      assert.ok(peaks.engine > 0 && peaks.engine <= limitMb, `${peaks.engine} MB in the engine`);
      assert.ok(peaks.embedded <= embeddedLimitMb, `${peaks.embedded} MB in the embedded database`);
    });
  }

  it('a blob just under the limit of SQLite is refused at analysis, unread', async () => {
    target = await postgresTarget(cluster);
    build('INSERT INTO note VALUES (2, zeroblob(999999000), NULL);');
    const before = await photograph(folder);
    const dump = await target.dump();
    for (const words of [
      ['plan', store, '--json'],
      ['inspect', store, '--json'],
      ['run', store, '--target', target.flag, '--json'],
    ]) {
      const { outcome, peaks } = await watched(words);
      const failure = parseFailure(outcome);
      assert.equal(failure.code, 'row-too-large');
      assert.match(failure.message, /Table note has a row of 9999990\d\d bytes/);
      assert.ok(peaks.engine <= limitMb, `${peaks.engine} MB in the engine of ${words[0]}`);
    }
    assert.equal(await target.dump(), dump);
    assert.deepEqual(await photograph(folder), before);
  });
});

interface Peaks {
  engine: number;
  embedded: number;
}

/** The kernel's own high-water marks of a process and of its child. */
function notePeaks(pid: number, peaks: Peaks): void {
  peaks.engine = Math.max(peaks.engine, peakMb(pid));
  for (const child of childrenOf(pid)) peaks.embedded = Math.max(peaks.embedded, peakMb(child));
}

function childrenOf(pid: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((other) => Number(/^PPid:\s+(\d+)/m.exec(statusOf(other))?.[1]) === pid);
}

function peakMb(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(statusOf(pid))?.[1] ?? 0) / 1024;
}

/** Empty when it is gone. */
function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}
