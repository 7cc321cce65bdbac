import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidText, type SourceValue } from '../../src/core/model/source-value.ts';
import { attachSource, freezeSource } from '../../src/core/sources/registry.ts';
import type { Source } from '../../src/core/sources/source.ts';
import { requirePython } from '../helpers/oracle.ts';
import { notCovered } from '../helpers/postgres.ts';

const path = join(import.meta.dirname, '../../../shared/corpus/sqlite/chinook.sqlite');
const signal = new AbortController().signal;

/** For each table: rows and a hash of every cell, by a reader that shares no code with Sluice. */
const oracle = `
import hashlib, json, sqlite3, struct, sys
db = sqlite3.connect('file:' + sys.argv[1] + '?mode=ro', uri=True)
def cell(value):
    if value is None: return 'n'
    if isinstance(value, int): return 'i%d' % value
    if isinstance(value, float): return 'r' + struct.pack('>d', value).hex()
    if isinstance(value, str): return 't' + value.encode().hex()
    return 'b' + value.hex()
answer = {}
for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall():
    digest, rows = hashlib.sha256(), 0
    for row in db.execute('SELECT * FROM "%s" ORDER BY rowid' % table):
        digest.update((','.join(map(cell, row)) + '\\n').encode())
        rows += 1
    answer[table] = [rows, digest.hexdigest()]
print(json.dumps(answer))
`;

describe('corpus: reading Chinook', function () {
  this.timeout(60_000);
  let source: Source | undefined;

  before(async function () {
    if (!existsSync(path)) {
      notCovered('reading Chinook: ../shared/corpus is not there');
      this.skip();
    }
    requirePython(this);
    const snapshot = await freezeSource(path, { scratch: tmpdir(), signal });
    source = await attachSource(snapshot, { debug() {}, info() {}, warn() {}, error() {} });
  });
  after(async () => source?.close());

  it("every cell of every table is what Python's sqlite3 reads", async () => {
    const expected = JSON.parse(execFileSync('python3', ['-c', oracle, path], { encoding: 'utf8' })) as Record<string, [number, string]>;
    const { tables } = await source!.introspect();
    const found: Record<string, [number, string]> = {};
    for (const table of tables) {
      const hash = createHash('sha256');
      let rows = 0;
      for await (const batch of source!.readBatches(table.name, { columns: table.columns.map(({ name }) => name), signal })) {
        for (const row of batch.rows) hash.update(`${row.map(cell).join(',')}\n`);
        rows += batch.rows.length;
      }
      found[table.name] = [rows, hash.digest('hex')];
      assert.equal(table.rows, rows);
    }
    assert.ok(Object.keys(expected).length >= 11);
    assert.deepEqual(found, expected);
  });

  it('keys, foreign keys and indexes are found', async () => {
    const { tables } = await source!.introspect();
    const track = tables.find(({ name }) => name === 'Track')!;
    assert.deepEqual(track.primaryKey, ['TrackId']);
    assert.deepEqual(track.foreignKeys.map(({ references }) => references).toSorted(), ['Album', 'Genre', 'MediaType']);
    assert.deepEqual(tables.find(({ name }) => name === 'PlaylistTrack')!.primaryKey, ['PlaylistId', 'TrackId']);
    assert.equal(tables.find(({ name }) => name === 'Employee')!.foreignKeys[0]!.references, 'Employee');
  });

  it('the profile sees the dates and the prices', async () => {
    const invoice = await source!.profile('Invoice', { signal });
    const date = invoice.columns.find(({ column }) => column === 'InvoiceDate')!;
    assert.equal((date.formats.timestamp ?? 0) + (date.formats.date ?? 0), invoice.rows);
    assert.equal(invoice.columns.find(({ column }) => column === 'Total')!.maxScale, 2);
  });
});

function cell(value: SourceValue): string {
  if (value === null) return 'n';
  if (typeof value === 'bigint') return `i${value}`;
  if (typeof value === 'string') return `t${Buffer.from(value).toString('hex')}`;
  if (value instanceof InvalidText) return `invalid ${Buffer.from(value.bytes).toString('hex')}`;
  if (value instanceof Uint8Array) return `b${Buffer.from(value).toString('hex')}`;
  const bits = Buffer.alloc(8);
  bits.writeDoubleBE(Number(value));
  return `r${bits.toString('hex')}`;
}
