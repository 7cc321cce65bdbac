import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckDb } from '../../../../../../src/core/sources/shared/duckdb/open-duckdb.ts';
import { readAllRows } from '../../../../../../src/core/sources/shared/duckdb/read-chunks.ts';
import { inDuckDb } from '../../../../../helpers/duckdb.ts';

describe('openDuckDb', () => {
  let folder: string;
  let scratch: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-duckdb-'));
    scratch = mkdtempSync(join(tmpdir(), 'sluice-duckdb-scratch-'));
    writeFileSync(join(folder, 'named.csv'), 'a\n1\n');
    writeFileSync(join(folder, 'other.csv'), 'a\n2\n');
    await inDuckDb(join(folder, 'store.duckdb'), async (connection) => void (await connection.run('CREATE TABLE t AS SELECT 1 AS a')));
  });
  after(() => [folder, scratch].forEach((path) => rmSync(path, { recursive: true, force: true })));

  it('gives every session its settings, and a folder of its own for temporary files that goes with it', async () => {
    const database = await openDuckDb({ path: join(folder, 'store.duckdb'), scratch, context: {} });
    const settings = await database.withConnection((connection) =>
      readAllRows(
        connection,
        `SELECT current_setting('threads')::VARCHAR, current_setting('memory_limit'), current_setting('access_mode'), current_setting('enable_external_access')::VARCHAR,
           current_setting('autoload_known_extensions')::VARCHAR, current_setting('autoinstall_known_extensions')::VARCHAR, current_setting('lock_configuration')::VARCHAR, current_setting('temp_directory')`,
      ),
    );
    const [temporary = ''] = readdirSync(scratch);
    assert.deepEqual(settings, [['1', '488.2 MiB', 'read_only', 'false', 'false', 'false', 'true', join(scratch, temporary)]]);
    await database.close();
    assert.deepEqual(readdirSync(scratch), []);
  });

  it('reads the files that are named, and nothing else; nothing can be written or set', async () => {
    const database = await openDuckDb({ path: null, scratch, files: [join(folder, 'named.csv')], context: {} });
    const run = (sql: string): Promise<unknown> => database.withConnection((connection) => readAllRows(connection, sql));
    assert.deepEqual(await run(`SELECT a FROM read_csv('${join(folder, 'named.csv')}')`), [[1n]]);
    const refused = [
      `SELECT * FROM read_csv('${join(folder, 'other.csv')}')`,
      `SELECT * FROM glob('${folder}/*')`,
      `COPY (SELECT 1) TO '${join(folder, 'new.csv')}'`,
      `ATTACH '${join(folder, 'store.duckdb')}'`,
      'SET enable_external_access = true',
      `SET allowed_directories = ['${folder}']`,
      'INSTALL httpfs',
      'LOAD httpfs',
    ];
    for (const sql of refused) await assert.rejects(run(sql), sql);
    await database.close();
    assert.deepEqual(readdirSync(folder).sort(), ['named.csv', 'other.csv', 'store.duckdb']);
  });

  it('writes to no database', async () => {
    const database = await openDuckDb({ path: join(folder, 'store.duckdb'), scratch, context: {} });
    await assert.rejects(
      database.withConnection((connection) => connection.run('DELETE FROM t')),
      /read-only/,
    );
    await database.close();
  });

  it('leaves nothing behind when it fails', async () => {
    const cut = join(folder, 'cut.duckdb');
    writeFileSync(cut, readFileSync(join(folder, 'store.duckdb')).subarray(0, 5_000));
    await assert.rejects(openDuckDb({ path: cut, scratch, context: { path: cut } }), { code: 'corrupt-store', remedy: /\.wal file/ });
    assert.deepEqual(readdirSync(scratch), []);
  });
});
