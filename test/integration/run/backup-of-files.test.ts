import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { backUpSource, freezeSource } from '../../../src/core/sources/registry.ts';
import type { SourceBackup, SourceSnapshot } from '../../../src/core/sources/source.ts';
import { describeCase, type CaseStore } from '../../helpers/case-setting.ts';
import { duckDbStore, inDuckDb, parquetStore } from '../../helpers/duckdb.ts';

const { signal } = new AbortController();
const table = `CREATE TABLE t AS SELECT range AS id, 'text ' || range AS v FROM range(5000)`;
const partitions = {
  'year=2024/month=01/a.parquet': 'SELECT range AS id FROM range(100)',
  'year=2024/month=02/b.parquet': 'SELECT range AS id FROM range(50)',
  'year=2025/c.parquet': 'SELECT range AS id FROM range(7)',
};

/** A frozen store and a folder for copies of it. */
interface Frozen {
  readonly store: string;
  readonly snapshot: SourceSnapshot;
  readonly copies: string;
  backUp(name: string, abort?: AbortSignal): Promise<SourceBackup>;
}

async function withFrozen(make: (folder: string) => Promise<string>, work: (frozen: Frozen) => Promise<void>): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'sluice-backup-'));
  try {
    const [folder, scratch, copies] = ['store', 'scratch', 'copies'].map((name) => join(root, name)) as [string, string, string];
    for (const one of [folder, scratch, copies]) mkdirSync(one);
    const store = await make(folder);
    const snapshot = await freezeSource(store, { scratch, signal });
    await work({ store, snapshot, copies, backUp: (name, abort = signal) => backUpSource(snapshot, join(copies, name), abort) });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function hashOf(...paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(readFileSync(path));
  return hash.digest('hex');
}

function countIn(path: string, sql: string): Promise<number> {
  return inDuckDb(path, async (connection) => Number((await (await connection.run(sql)).getRows())[0]?.[0]));
}

describe('a backup of files', function () {
  this.timeout(60_000);

  it('of a DuckDB database is the file itself, closed to others', () =>
    withFrozen(duckDbStore(table).create, async ({ store, snapshot, copies, backUp }) => {
      const backup = await backUp('copy.duckdb');
      assert.deepEqual(readdirSync(copies), ['copy.duckdb']);
      assert.deepEqual(readFileSync(backup.path), readFileSync(store));
      assert.deepEqual([backup.sha256, backup.bytes, statSync(backup.path).mode & 0o777], [hashOf(store), statSync(store).size, 0o600]);
      assert.equal(snapshot.temporary, false);
      assert.equal(await countIn(backup.path, 'SELECT count(*) FROM t'), 5000);
    }));

  it('of one that is written to has its log beside it, and holds what is loaded', async () => {
    let writer: ReturnType<typeof fork> | undefined;
    try {
      await withFrozen(
        async (folder) => {
          const path = await duckDbStore(`CREATE TABLE t (id INTEGER, v VARCHAR); INSERT INTO t VALUES (1, 'checkpointed')`).create(folder);
          writer = fork(new URL('../../fixtures/duckdb-writer.ts', import.meta.url), [path], { stdio: 'inherit' });
          await once(writer, 'message');
          return path;
        },
        async ({ store, snapshot, copies, backUp }) => {
          assert.ok(snapshot.temporary && statSync(`${store}.wal`).size > 0, 'the test needs a log');
          const backup = await backUp('copy.duckdb');
          assert.deepEqual(readdirSync(copies).sort(), ['copy.duckdb', 'copy.duckdb.wal']);
          const files = ['', '.wal'].map((suffix) => backup.path + suffix);
          assert.equal(backup.sha256, hashOf(...files));
          assert.equal(`sha256:${backup.sha256}`, snapshot.fingerprint);
          assert.equal(
            backup.bytes,
            files.reduce((sum, file) => sum + statSync(file).size, 0),
          );
          assert.equal(await countIn(backup.path, 'SELECT count(*) FROM t'), 2);
        },
      );
    } finally {
      writer?.kill('SIGKILL');
    }
  });

  it('of one Parquet file, of text and of compressed text is the file itself', async () => {
    const text = 'id;v\n1;a\n2;b\n';
    const stores: readonly ((folder: string) => Promise<string>)[] = [
      parquetStore({ 't.parquet': 'SELECT 1 AS id' }).create,
      (folder) => Promise.resolve(write(join(folder, 't.csv'), text)),
      (folder) => Promise.resolve(write(join(folder, 't.csv.gz'), gzipSync(text))),
    ];
    for (const make of stores) {
      await withFrozen(make, async ({ store, snapshot, copies, backUp }) => {
        const backup = await backUp(basename(store));
        assert.deepEqual(readdirSync(copies), [basename(store)]);
        assert.deepEqual(readFileSync(backup.path), readFileSync(store));
        assert.deepEqual([backup.sha256, `sha256:${backup.sha256}`], [hashOf(store), snapshot.fingerprint]);
      });
    }
  });

  it('of a folder of Parquet files keeps them in their places, and nothing else of the folder', () =>
    withFrozen(
      async (folder) => {
        const store = await parquetStore(partitions).create(folder);
        writeFileSync(join(store, '_SUCCESS'), '');
        return store;
      },
      async ({ store, snapshot, backUp, copies }) => {
        const backup = await backUp('copy');
        const names = Object.keys(partitions).sort();
        assert.deepEqual(
          contentOf(backup.path),
          names.map((name) => [name, hashOf(join(store, name))]),
        );
        assert.equal(backup.sha256, hashOf(...names.map((name) => join(backup.path, name))));
        const again = await freezeSource(backup.path, { scratch: copies, signal });
        assert.equal(again.fingerprint, snapshot.fingerprint);
      },
    ));

  it('of files that a glob names is a folder of them as they are, compressed or not', () =>
    withFrozen(
      (folder) => {
        mkdirSync(join(folder, 'more'));
        write(join(folder, 'a.csv'), 'id;v\n1;a\n');
        write(join(folder, 'more/b.csv.gz'), gzipSync('id;v\n2;b\n'));
        write(join(folder, 'other.txt'), 'not named');
        return Promise.resolve(join(folder, '**/*.csv*'));
      },
      async ({ store, backUp }) => {
        const root = join(store, '../..');
        const backup = await backUp('copy');
        assert.deepEqual(
          contentOf(backup.path),
          ['a.csv', 'more/b.csv.gz'].map((name) => [name, hashOf(join(root, name))]),
        );
        assert.equal(backup.sha256, hashOf(join(root, 'a.csv'), join(root, 'more/b.csv.gz')));
      },
    ));

  it('never replaces a file, nor one that is in its way half made', () =>
    withFrozen(duckDbStore(table).create, async ({ copies, backUp }) => {
      for (const [taken, name] of [
        ['a.duckdb', 'a.duckdb'],
        ['b.duckdb.partial', 'b.duckdb'],
      ] as const) {
        write(join(copies, taken), 'of somebody else');
        await assert.rejects(backUp(name), { code: 'backup-failed' });
        assert.equal(readFileSync(join(copies, taken), 'utf8'), 'of somebody else');
      }
      assert.deepEqual(readdirSync(copies).sort(), ['a.duckdb', 'b.duckdb.partial']);
    }));

  it('of a folder never replaces one', () =>
    withFrozen(parquetStore(partitions).create, async ({ copies, backUp }) => {
      for (const [taken, name] of [
        ['a', 'a'],
        ['b.partial', 'b'],
      ] as const) {
        mkdirSync(join(copies, taken));
        write(join(copies, taken, 'theirs'), 'of somebody else');
        await assert.rejects(backUp(name), { code: 'backup-failed' });
        assert.deepEqual(readdirSync(join(copies, taken)), ['theirs']);
      }
      assert.deepEqual(readdirSync(copies).sort(), ['a', 'b.partial']);
    }));

  it('of what has changed since it was frozen is refused, and leaves nothing', async () => {
    const stores: readonly ((folder: string) => Promise<string>)[] = [
      parquetStore(partitions).create,
      (folder) => Promise.resolve(write(join(folder, 't.csv'), 'id;v\n1;a\n')),
      (folder) => Promise.resolve(write(join(folder, 't.csv.gz'), gzipSync('id;v\n1;a\n'))),
    ];
    for (const make of stores) {
      await withFrozen(make, async ({ store, copies, backUp }) => {
        appendFileSync(statSync(store).isDirectory() ? join(store, 'year=2025/c.parquet') : store, 'more');
        await assert.rejects(backUp('copy'), { code: 'source-changed' });
        assert.deepEqual(readdirSync(copies), []);
      });
    }
  });

  it('that is cancelled leaves nothing', () =>
    withFrozen(parquetStore(partitions).create, async ({ copies, backUp }) => {
      const abort = new AbortController();
      const backup = backUp('copy', abort.signal);
      abort.abort();
      await assert.rejects(backup, { code: 'cancelled' });
      assert.deepEqual(readdirSync(copies), []);
    }));
});

const runs: Readonly<Record<string, CaseStore>> = {
  'a DuckDB database': { make: duckDbStore(table) },
  'a folder of Parquet files': { make: parquetStore(partitions) },
  'delimited text': { text: { name: 't.csv', bytes: 'id;v\n1;a\n2;b\n', records: 2 } },
};

for (const [what, store] of Object.entries(runs)) {
  describeCase('backup', `of ${what} before a run`, (setting) => {
    const copies = mkdtempSync(join(tmpdir(), 'sluice-copies-'));
    after(() => rmSync(copies, { recursive: true, force: true }));

    it('is told in result and report, and is the store that was loaded', () =>
      setting.migrate({ ...store, settings: { backup: copies } }, (run) => {
        const [backup, ...others] = run.result.backups;
        assert.ok(backup !== undefined && others.length === 0);
        assert.deepEqual(readdirSync(copies), [basename(backup.path)]);
        assert.deepEqual(run.report.backups, run.result.backups);
        assert.ok(run.reportText.includes(backup.sha256));
        assert.deepEqual(contentOf(backup.path), contentOf(run.store));
      }));
  });
}

describeCase('backup', 'of a folder into itself', (setting) => {
  it('is refused, since the copy would be a part of the store', async () => {
    let inside = '';
    const made = parquetStore(partitions);
    const make = {
      ...made,
      create: async (folder: string) => {
        const store = await made.create(folder);
        inside = join(store, 'year=2024', 'copies');
        return store;
      },
    };
    const settings = {
      get backup() {
        return inside;
      },
    };
    const { message, remedy } = await setting.refuse({ make, settings }, 'backup-beside-source');
    assert.match(`${message} ${remedy}`, /it is in the folder of the store .*data.*Name a folder outside of it/);
    assert.ok(!existsSync(inside));
  });
});

/** Files by their places below `path`, in order, each with the hash of its bytes. */
function contentOf(path: string): readonly (readonly [string, string])[] {
  if (!statSync(path).isDirectory()) return [['', hashOf(path)]];
  const found = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return found
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => [relative(path, file), hashOf(file)]);
}

function write(path: string, bytes: string | Uint8Array): string {
  writeFileSync(path, bytes);
  return path;
}
