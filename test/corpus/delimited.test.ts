import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { requirePython } from '../helpers/oracle.ts';
import { notCovered } from '../helpers/postgres.ts';
import { readDelimitedFile } from '../helpers/read-delimited.ts';

const folder = join(import.meta.dirname, '../../../shared/corpus/csv/csvs');

/** Header and records by Python's csv module, which shares no code with Sluice; empty lines are no records. */
const oracle = `
import csv, json, sys
with open(sys.argv[1], newline='', encoding='utf-8') as file:
    print(json.dumps([record for record in csv.reader(file) if record]))
`;

describe('corpus: delimited text', function () {
  this.timeout(60_000);
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.csv')) : [];

  before(function () {
    requirePython(this);
    if (files.length > 0) return;
    notCovered('reading CSV files of others: ../shared/corpus is not there');
    this.skip();
  });

  it('each file has the names, records and cells that Python reads', async () => {
    for (const name of files) {
      const path = join(folder, name);
      const [header, ...records] = JSON.parse(execFileSync('python3', ['-c', oracle, path], { encoding: 'utf8' })) as string[][];
      const read = await readDelimitedFile(path);
      assert.deepEqual(read.columns, header, name);
      // Python does not tell an empty field from an empty text.
      const cells = read.rows.map((row) => row.map((value) => value ?? ''));
      assert.deepEqual(cells, records, name);
    }
  });
});
