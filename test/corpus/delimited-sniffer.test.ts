import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inDuckDb } from '../helpers/duckdb.ts';
import { readDelimitedFile } from '../helpers/read-delimited.ts';

/** What is said of how a file is written. */
interface Opinion {
  readonly delimiter: string;
  readonly header: boolean;
  readonly columns: number;
}

/** A text, and whether DuckDB's sniffer says the same as we do; where it does not, what it says. */
const texts: readonly (readonly [what: string, text: string, sniffed: 'same' | Partial<Opinion>])[] = [
  ['commas', 'id,name\n1,Ada\n2,Bob\n', 'same'],
  ['semicolons and decimal commas', 'id;amount\n1;1,5\n2;2,5\n', 'same'],
  ['tabs', 'id\tname\n1\tAda\n2\tBob\n', 'same'],
  ['bars', 'id|name\n1|Ada\n2|Bob\n', 'same'],
  ['no header', '1,Ada\n2,Bob\n', 'same'],
  ['quoted line ends', 'id,name\n1,"a\nb"\n2,"c, d"\n', 'same'],
  ['CRLF', 'id,name\r\n1,Ada\r\n2,Bob\r\n', 'same'],
  ['a record of another width', 'id,name,x\n1,Ada,2\n2,Bob\n3,Cy,4\n', { delimiter: '|', columns: 1 }],
  ['CR alone', 'id,name\r1,Ada\r2,Bob\r', 'same'],
  ['texts only under a header', 'name,city\nAda,London\nBob,Paris\n', 'same'],
  ['a header in front of no rows', 'id,name,city\n', 'same'],
  ['comments in front of the header', '# made by a program\nid,name\n1,Ada\n2,Bob\n', 'same'],
  ['single quotes', "id,name\n1,'a, b'\n2,'c'\n", 'same'],
  ['a backslash before a quote', 'id,name\n1,"say \\"hi\\", twice"\n2,"x"\n', 'same'],
  ['a title above the header', 'Report of May\nid,name\n1,Ada\n2,Bob\n', { columns: 2 }],
  ['one column', 'name\nAda\nBob\n', { delimiter: ',' }],
  ['carets', 'id^name\n1^Ada\n2^Bob\n', { delimiter: ',', columns: 1 }],
];

describe("DuckDB's sniffer as a second opinion on delimited text", function () {
  this.timeout(60_000);
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'sluice-sniffer-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('agrees on every file of the corpus', async function () {
    const corpus = join(import.meta.dirname, '../../../shared/corpus/csv/csvs');
    if (!existsSync(corpus)) return this.skip();
    for (const name of readdirSync(corpus).filter((file) => file.endsWith('.csv')))
      assert.deepEqual(await sniff(join(corpus, name)), await ours(join(corpus, name)), name);
  });

  for (const [what, text, expected] of texts)
    it(`${what}: ${typeof expected === 'string' ? expected : JSON.stringify(expected)}`, async () => {
      const path = join(folder, 't.csv');
      writeFileSync(path, text);
      const own = await ours(path);
      const theirs = await sniff(path);
      assert.deepEqual(theirs, expected === 'same' ? own : { ...own, ...expected });
    });
});

async function ours(path: string): Promise<Opinion> {
  const { dialect, columns } = await readDelimitedFile(path);
  return { delimiter: dialect.delimiter, header: dialect.header, columns: columns.length };
}

async function sniff(path: string): Promise<Opinion> {
  return inDuckDb(null, async (connection) => {
    const reader = await connection.runAndReadAll(`SELECT Delimiter, HasHeader, len(Columns) FROM sniff_csv('${path}')`);
    const [[delimiter, header, columns] = []] = reader.getRows();
    return { delimiter: String(delimiter), header: header === true, columns: Number(columns) };
  });
}
