import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MigrationError } from '../../src/core/errors.ts';
import { attachSource, freezeSource } from '../../src/core/sources/registry.ts';
import { inDuckDb } from '../helpers/duckdb.ts';
import { notCovered } from '../helpers/postgres.ts';
import { projectRoot } from '../helpers/run-cli.ts';

/** Parquet files that others published; they are not part of this repository. */
const folder = join(projectRoot, '../shared/corpus/parquet');
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.parquet')) : [];
/** Files that DuckDB itself cannot read. */
const refused: Readonly<Record<string, RegExp>> = { 'map_no_value.parquet': /MAP_KEY_VALUE requires two children/ };
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const { signal } = new AbortController();

describe('the corpus of Parquet files', function () {
  this.timeout(60_000);
  const scratch = mkdtempSync(join(tmpdir(), 'sluice-parquet-'));
  after(() => rmSync(scratch, { recursive: true, force: true }));

  it('is there', function () {
    if (files.length > 0) return;
    const note = 'the corpus of other people’s Parquet files (../shared/corpus/parquet) is not there';
    if (process.env['SLUICE_TEST_REQUIRE'] === 'all') throw new Error(note);
    notCovered(note);
    this.skip();
  });

  for (const name of files) {
    const path = join(folder, name);
    const reason = refused[name];
    it(
      reason === undefined ? `${name}: as many rows as DuckDB counts, each with every value` : `${name}: refused with the reason`,
      async () => {
        if (reason === undefined) return compareCounts(path);
        await assert.rejects(
          freezeSource(path, { scratch, signal }),
          (error) => error instanceof MigrationError && reason.test(error.message),
        );
      },
    );
  }

  async function compareCounts(path: string): Promise<void> {
    const expected = await inDuckDb(null, async (connection) => {
      const [row] = await (await connection.run(`SELECT count(*) FROM '${path}'`)).getRows();
      return Number(row?.[0]);
    });
    const source = await attachSource(await freezeSource(path, { scratch, signal }), silent);
    try {
      const [table] = (await source.introspect()).tables;
      assert.ok(table !== undefined);
      assert.equal(table.rows, expected);
      let read = 0;
      const columns = table.columns.map((column) => column.name);
      for await (const batch of source.readBatches(table.name, { columns, signal })) read += batch.rows.length;
      assert.equal(read, expected);
    } finally {
      await source.close();
    }
  }
});
