import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeCase, type CaseRun, type ForeignStore } from '../helpers/case-setting.ts';
import { copyOfCorpus, corpusFolder, requireCorpus } from '../helpers/corpus-files.ts';
import { inDuckDb } from '../helpers/duckdb.ts';

const corpus = corpusFolder('csv/csvs', '.csv');
/** What the authors of these files expect of them. */
const expectations = join(corpus.path, '../json');
/** What they expect is not in these files as they are published: another telephone number, and a line end of two characters in a field. */
const wrongExpectations: ReadonlySet<string> = new Set(['location_coordinates.csv', 'newlines_crlf.csv']);

/** Header and records by Python's csv module, which shares no code with Sluice; empty lines are no records. */
const oracle = `
import csv, json, sys
with open(sys.argv[1], newline='', encoding='utf-8') as file:
    print(json.dumps([record for record in csv.reader(file) if record]))
`;

describe('the corpus of delimited text', () => {
  it('is there', function () {
    requireCorpus(this, corpus);
  });
});

for (const name of corpus.names) {
  describeCase('corpus', name, (setting) => {
    it('has the rows that DuckDB counts, each cell as Python and the authors read it, and can be taken back', () =>
      setting.migrate({ make: corpusFile(name) }, async (run) => {
        assert.deepEqual([run.result.status, run.result.rejects], ['done', 0]);
        const [header = [], ...records] = readByPython(run.store);
        const cells = await cellsOf(run);
        assert.deepEqual(
          run.plan.tables[0]?.columns?.map(({ from }) => from),
          header,
        );
        assert.deepEqual(cells, records);
        const expected = readExpectation(name);
        if (expected !== null)
          assert.deepEqual(
            cells,
            expected.map((record) => header.map((column) => record[column])),
          );
      }));
  });
}

/** Each file has so few records that the order in which they were loaded is the order in which they are found. */
async function cellsOf(run: CaseRun): Promise<readonly (readonly string[])[]> {
  const [table] = run.plan.tables;
  const columns = (table?.columns ?? []).map(({ to, type }) => ({ name: `"${to.replaceAll('"', '""')}"`, type }));
  const rows = await run.query(
    `SELECT ${columns.map(({ name }) => `${name}::text AS ${name}`).join(', ')} FROM ${run.name(String(table?.to))}`,
  );
  // Neither Python nor the authors tell an empty field from an empty text.
  return rows.map((row) => row.map((cell) => (cell === null ? '' : String(cell))));
}

function readByPython(path: string): readonly (readonly string[])[] {
  return JSON.parse(execFileSync('python3', ['-c', oracle, path], { encoding: 'utf8' })) as string[][];
}

function readExpectation(name: string): readonly Readonly<Record<string, string>>[] | null {
  const path = join(expectations, name.replace(/\.csv$/, '.json'));
  if (wrongExpectations.has(name) || !existsSync(path)) return null;
  return JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, string>>[];
}

function corpusFile(name: string): ForeignStore {
  return {
    create: (folder) => Promise.resolve(copyOfCorpus(corpus, name, folder)),
    count: (location, tables) =>
      inDuckDb(null, async (connection) => {
        const [row] = await (await connection.run(`SELECT count(*) FROM read_csv('${location}')`)).getRows();
        return tables.map((table) => [table, Number(row?.[0])] as const);
      }),
  };
}
