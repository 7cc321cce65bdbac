import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { describeCase, type CaseRun, type ForeignStore } from '../helpers/case-setting.ts';
import { copyOfCorpus, corpusFolder, requireCorpus } from '../helpers/corpus-files.ts';
import { inDuckDb } from '../helpers/duckdb.ts';

const corpus = corpusFolder('parquet', '.parquet');

/** Files that are refused, with the code and what the message says. DuckDB itself cannot read these. */
const refused: Readonly<Record<string, { readonly code: string; readonly message: RegExp }>> = {
  'map_no_value.parquet': { code: 'source-read-failed', message: /map_no_value\.parquet.*MAP_KEY_VALUE requires two children/s },
};

/** Rows that are rejected, by place and code; none in all other files. */
const rejected: Readonly<Record<string, readonly string[]>> = { 'int96_from_spark.parquet': ['row 5: invalid-date'] };

describe('the corpus of Parquet files', () => {
  it('is there', function () {
    requireCorpus(this, corpus);
  });
});

for (const name of corpus.names) {
  describeCase('corpus', name, (setting) => {
    const refusal = refused[name];
    if (refusal !== undefined) {
      it('is refused with the reason, as by DuckDB itself', async () => {
        await assert.rejects(inDuckDb(null, (connection) => countOf(connection, join(corpus.path, name))));
        await assert.rejects(setting.plan({ make: corpusFile(name) }), refusal);
      });
      return;
    }
    it('has the rows that DuckDB counts, each cell as DuckDB reads it, and can be taken back', () =>
      setting.migrate({ make: corpusFile(name) }, async (run) => {
        const rejects = run.rejects.map(({ provenance, code }) => `${provenance}: ${code}`);
        assert.deepEqual(rejects, rejected[name] ?? []);
        assert.equal(run.result.status, rejects.length === 0 ? 'done' : 'partial');
        assert.ok(run.reportText.includes(name), 'the report names the file');
        if (rejects.length > 0) assert.match(run.reportText, /row 5\b/);
        else await compareCells(run);
      }));
  });
}

describeCase('corpus', 'delta_binary_packed.parquet, as its authors expect it', (setting) => {
  it('has each of the numbers in the file that is published beside it', async function () {
    requireCorpus(this, corpus);
    await setting.migrate({ make: corpusFile('delta_binary_packed.parquet') }, async (run) => {
      const [header = '', ...lines] = readFileSync(join(corpus.path, 'delta_binary_packed_expect.csv'), 'utf8').trim().split('\n');
      const columns = header.split(',').map((column) => column.replaceAll('"', ''));
      assert.equal(columns.length, 66);
      const found = await run.query(
        `SELECT ${columns.map((column) => `"${column}"::text AS "${column}"`).join(', ')} FROM ${run.name('delta_binary_packed')}`,
      );
      assert.deepEqual(found.map((row) => row.join(',')).sort(), lines.map((line) => line.trim()).sort());
    });
    return undefined;
  });
});

describeCase('corpus', 'nested_maps.snappy.parquet, by eye', (setting) => {
  it('maps with keys of text are objects, those with keys of another type are pairs', async function () {
    requireCorpus(this, corpus);
    await setting.migrate({ make: corpusFile('nested_maps.snappy.parquet') }, async (run) => {
      const found = await run.query(`SELECT a::text FROM ${run.name('nested_maps.snappy')} ORDER BY a::text`);
      assert.deepEqual(found.flat(), [
        '{"a": [[1, true], [2, false]]}',
        '{"b": [[1, true]]}',
        '{"c": null}',
        '{"d": []}',
        '{"e": [[1, true]]}',
        '{"f": [[3, true], [4, false], [5, true]]}',
      ]);
    });
    return undefined;
  });
});

function corpusFile(name: string): ForeignStore {
  return {
    create: (folder) => Promise.resolve(copyOfCorpus(corpus, name, folder)),
    count: (location, tables) =>
      inDuckDb(null, async (connection) => {
        const rows = await countOf(connection, location);
        return tables.map((table) => [table, rows] as const);
      }),
  };
}

async function countOf(connection: DuckDBConnection, path: string): Promise<number> {
  const [row] = await (await connection.run(`SELECT count(*) FROM read_parquet('${path}')`)).getRows();
  return Number(row?.[0]);
}

/** Every cell as a text, by DuckDB and by PostgreSQL; their words for a number may differ, and DuckDB writes maps in its own way. */
async function compareCells(run: CaseRun): Promise<void> {
  const [table] = run.plan.tables;
  const { columns, lines } = await inDuckDb(null, async (connection) => {
    const described = await (await connection.run(`DESCRIBE SELECT * FROM read_parquet('${run.store}')`)).getRows();
    const all = described.map(([column, type]) => ({ column: String(column), type: String(type) }));
    const readAlike = all.filter(({ type }) => !type.startsWith('MAP('));
    const select = readAlike.map(({ column, type }) => duckDbText(`"${column}"`, type)).join(', ');
    const rows = await (await connection.run(`SELECT ${select} FROM read_parquet('${run.store}')`)).getRows();
    return { columns: readAlike, lines: rows.map((row) => lineOf(row, readAlike)) };
  });
  assert.ok(columns.length > 0 && lines.length > 0);
  const select = columns.map(({ column, type }) => `${postgresText(`"${column}"`, type)} AS "${column}"`).join(', ');
  const rows = await run.query(`SELECT ${select} FROM ${run.name(String(table?.to))}`);
  assert.deepEqual(rows.map((row) => lineOf(row, columns)).sort(), lines.sort());
}

function duckDbText(name: string, type: string): string {
  if (type === 'BLOB') return `lower(hex(${name}))`;
  return `CAST(${isNested(type) ? `to_json(${name})` : name} AS VARCHAR)`;
}

function postgresText(name: string, type: string): string {
  if (type === 'BLOB') return `encode(${name}, 'hex')`;
  return `${isNested(type) ? `to_jsonb(${name})` : name}::text`;
}

function isNested(type: string): boolean {
  return type.endsWith(']') || type.startsWith('STRUCT');
}

function lineOf(row: readonly unknown[], columns: readonly { readonly type: string }[]): string {
  const cells = row.map((cell, c) => {
    const type = columns[c]?.type ?? '';
    if (cell === null) return null;
    if (isNested(type)) return JSON.parse(cell as string) as unknown;
    return type === 'FLOAT' || type === 'DOUBLE' ? Number(cell) : cell;
  });
  return JSON.stringify(cells);
}
