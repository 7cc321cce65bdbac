import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { buildWidgetTdc } from '../../samples/widgettdc/build.ts';
import { projectRoot } from '../helpers/run-cli.ts';
import { widgetTdcTables } from '../helpers/widgettdc.ts';

const sample = join(projectRoot, 'samples/widgettdc');
const committed = join(sample, 'widget-tdc.db');

describe('the WidgetTDC sample store', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-widgettdc-'));
  const built = join(folder, 'widget-tdc.db');

  before(() => buildWidgetTdc(built));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is what build.ts makes', () => {
    assert.deepEqual(contents(committed), contents(built));
    // SQLite writes its own version into the header; the same version writes the same bytes.
    if (sqliteVersion(committed) === sqliteVersion(built))
      assert.ok(readFileSync(committed).equals(readFileSync(built)), 'the bytes differ');
  });

  it('holds the rows that the tests count on', () => {
    const store = new Database(committed, { readonly: true });
    const count = (table: string): unknown => store.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
    assert.deepEqual(
      widgetTdcTables.map(({ source }) => [source, count(source)]),
      widgetTdcTables.map(({ source, rows }) => [source, rows]),
    );
    store.close();
  });

  it('has a strict plan that differs from the lenient one in nothing but strength', () => {
    const plan = (name: string): string[] => readFileSync(join(sample, name), 'utf8').split('\n');
    const lenient = plan('widgettdc.sluice.json');
    const own = plan('widgettdc-strict.sluice.json').filter((line) => !line.startsWith('//') && !lenient.includes(line));
    assert.deepEqual(
      own.map((line) => line.trim().split(':')[0]),
      ['"name"', '"type"', '"loss"', '"accept"', '"evidence"', '"expectedRejects"'],
    );
  });
});

/** Schema and every row, integers exact and blobs as they are. */
function contents(path: string): unknown {
  const store = new Database(path, { readonly: true }).defaultSafeIntegers();
  const schema = store.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all() as { type: string; name: string }[];
  const rows = schema
    .filter(({ type }) => type === 'table')
    .map(({ name }) => [name, store.prepare(`SELECT * FROM ${name} ORDER BY rowid`).raw().all()]);
  store.close();
  return { schema, rows };
}

function sqliteVersion(path: string): number {
  return readFileSync(path).readUInt32BE(96);
}
