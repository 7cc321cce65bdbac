import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { inDuckDb } from '../helpers/duckdb.ts';
import { requirePostgres } from '../helpers/postgres.ts';
import { projectRoot, type CliOutcome } from '../helpers/run-cli.ts';

/** The binary of DuckDB is a package of its own for each platform, and npm leaves out what is optional and does not fit. */
const binding = `@duckdb/node-bindings-${process.platform}-${process.arch}`;
const packages = join(projectRoot, 'node_modules');

/** The built command line in an installation that has every package but that one. */
describe('without the binary of DuckDB', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'sluice-no-duckdb-'));
  const stores = {
    sqlite: join(folder, 'a.db'),
    csv: join(folder, 'a.csv'),
    duckdb: join(folder, 'a.duckdb'),
    parquet: join(folder, 'a.parquet'),
  };

  before(async function () {
    assert.ok(existsSync(join(projectRoot, 'dist/sluice.js')), 'dist/ is not there: `npm run build` makes it');
    if (!existsSync(join(packages, binding))) this.skip();
    install();
    const database = new Database(stores.sqlite);
    database.exec(`CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT); INSERT INTO notes VALUES (1, 'a'), (2, NULL), (3, '√')`);
    database.close();
    writeFileSync(stores.csv, 'id,text\n1,a\n2,b\n');
    await inDuckDb(stores.duckdb, async (connection) => {
      await connection.run(`CREATE TABLE t AS SELECT 1 AS id; COPY t TO '${stores.parquet}' (FORMAT parquet)`);
    });
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('SQLite and delimited text are migrated into a server', async function () {
    const cluster = await requirePostgres(this);
    const url = await cluster.createDatabase();
    for (const [store, schema] of [
      [stores.sqlite, 'a'],
      [stores.csv, 'b'],
    ] as const) {
      const { code, stdout, stderr } = sluice(['run', store, '--schema', schema, '--target', 'env:SLUICE_TEST_TARGET', '--json'], url);
      assert.equal(code, 0, stderr);
      assert.equal((JSON.parse(stdout) as { verification: { status: string } }).verification.status, 'match');
    }
    await cluster.dropDatabase(new URL(url).pathname.slice(1));
  });

  it('SQLite is migrated into the embedded target', () => {
    const { code, stdout, stderr } = sluice(['run', stores.sqlite, '--target', `embedded:${join(folder, 'postgres')}`, '--json']);
    assert.equal(code, 0, stderr);
    assert.equal((JSON.parse(stdout) as { verification: { status: string } }).verification.status, 'match');
  });

  for (const kind of ['duckdb', 'parquet'] as const) {
    it(`a store of ${kind} is refused as native-missing by every command that reads it, and nothing is created`, () => {
      const target = join(folder, `never-${kind}`);
      const calls = [
        ['inspect', stores[kind]],
        ['plan', stores[kind], '-o', join(folder, `${kind}.sluice.json`)],
        ['run', stores[kind], '--target', `embedded:${target}`],
      ];
      for (const call of calls) {
        const { code, stdout } = sluice([...call, '--json']);
        assert.equal(code, 1, call[0]);
        const { error } = JSON.parse(stdout) as { error: { code: string; kind: string; message: string; remedy: string } };
        assert.deepEqual([error.code, error.kind], ['native-missing', 'terminal']);
        assert.ok(error.message.includes(binding), error.message);
        assert.match(error.remedy, /Install the package of Sluice that is made for this machine/);
      }
      assert.deepEqual([existsSync(target), existsSync(join(folder, `${kind}.sluice.json`))], [false, false]);
    });
  }

  it('doctor says which part does not load, and ends with 1', () => {
    const { code, stdout } = sluice(['doctor', '--json']);
    assert.equal(code, 1);
    const found = JSON.parse(stdout) as { healthy: boolean; natives: { name: string; problem: string | null }[] };
    assert.equal(found.healthy, false);
    const broken = found.natives.filter(({ problem }) => problem !== null);
    assert.deepEqual(
      broken.map(({ name }) => name),
      ['@duckdb/node-api'],
    );
    assert.ok(broken[0]?.problem?.includes(binding));
    assert.match(sluice(['doctor']).stdout, /@duckdb\/node-api +DOES NOT LOAD: .*node-bindings/);
  });

  it('a binary that is none is refused alike', () => {
    const place = join(folder, 'node_modules', binding);
    mkdirSync(place);
    writeFileSync(join(place, 'package.json'), JSON.stringify({ name: binding, version: '0.0.0' }));
    writeFileSync(join(place, 'duckdb.node'), 'made for another machine');
    try {
      const { code, stdout } = sluice(['inspect', stores.duckdb, '--json']);
      assert.equal(code, 1);
      assert.equal((JSON.parse(stdout) as { error: { code: string } }).error.code, 'native-missing');
    } finally {
      rmSync(place, { recursive: true });
    }
  });

  /** Packages are links but those of DuckDB, which find each other by where they really are. */
  function install(): void {
    cpSync(join(projectRoot, 'dist'), join(folder, 'dist'), { recursive: true });
    cpSync(join(projectRoot, 'package.json'), join(folder, 'package.json'));
    for (const name of readdirSync(packages)) {
      if (name !== '@duckdb') link(name);
    }
    for (const name of ['@duckdb/node-api', '@duckdb/node-bindings'])
      cpSync(join(packages, name), join(folder, 'node_modules', name), { recursive: true });
  }

  function link(name: string): void {
    const place = join(folder, 'node_modules', name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(join(packages, name), place, 'junction');
  }

  function sluice(args: readonly string[], url = ''): Pick<CliOutcome, 'code' | 'stdout' | 'stderr'> {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'dist/sluice.js'), ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, SLUICE_TEST_TARGET: url },
    });
    return { code: status, stdout, stderr };
  }
});
