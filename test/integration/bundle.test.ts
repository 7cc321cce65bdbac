import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import Database from 'better-sqlite3';
import { requirePostgres } from '../helpers/postgres.ts';
import { projectRoot } from '../helpers/run-cli.ts';

const dist = join(projectRoot, 'dist');

/** What is shipped, as `npm run build` made it; everything else in this folder runs the sources. */
describe('the built command line', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bundle-'));
  const store = join(folder, 'store.db');

  before(() => {
    assert.ok(existsSync(join(dist, 'sluice.js')), 'dist/ is not there: `npm run build` makes it');
    const database = new Database(store);
    database.exec(`CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT); INSERT INTO notes VALUES (1, 'a'), (2, NULL), (3, '√')`);
    database.close();
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('loads no native module before it has checked the version of Node', () => {
    assert.deepEqual(
      staticImports('sluice.js').filter((name) => !name.startsWith('node:')),
      [],
    );
    assert.ok(staticImports('engine-worker.js').includes('better-sqlite3'), 'the test cannot see native modules any more');
  });

  it('runs with the bundled worker into a server', async function () {
    const cluster = await requirePostgres(this);
    const url = await cluster.createDatabase();
    assert.equal(migrate(['--target', 'env:SLUICE_TEST_TARGET'], { SLUICE_TEST_TARGET: url }), 'match');
    await cluster.dropDatabase(new URL(url).pathname.slice(1));
  });

  it('runs with the bundled embedded process', () => {
    assert.equal(migrate(['--target', `embedded:${join(folder, 'postgres')}`], {}), 'match');
  });

  it('has the JSON Schema that package.json names', () => {
    const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
      contributes: { jsonValidation: { url: string }[] };
    };
    const url = manifest.contributes.jsonValidation[0]?.url ?? '';
    const schema = JSON.parse(readFileSync(join(projectRoot, url), 'utf8')) as { properties: object };
    assert.ok('tables' in schema.properties);
  });

  function migrate(args: readonly string[], environment: Readonly<Record<string, string>>): unknown {
    const command = [join(dist, 'sluice.js'), 'run', store, '--json', ...args];
    const { stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8', env: { ...process.env, ...environment } });
    const result = JSON.parse(stdout) as { verification?: { status: string } };
    return result.verification?.status ?? stderr;
  }
});

/** Packages that a bundle imports as soon as it is loaded, through its chunks. */
function staticImports(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = readFileSync(join(dist, file), 'utf8');
  const names = [...text.matchAll(/^\s*import\s*(?:[^'"()]*?\bfrom\s*)?["']([^"']+)["']/gm)].map((match) => match[1] ?? '');
  return names.flatMap((name) => (name.startsWith('./') ? staticImports(name.slice(2), seen) : [name]));
}
