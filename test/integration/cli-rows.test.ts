import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { embeddedTarget, postgresTarget, type CliTarget } from '../helpers/cli-target.ts';
import { requirePostgres } from '../helpers/postgres.ts';
import { parseFailure, parseJson, parseRun, runCli, type CliOutcome } from '../helpers/run-cli.ts';

interface RowsDocument {
  readonly table: string;
  readonly counts: unknown;
  readonly rows: readonly {
    readonly key: readonly string[];
    readonly state: string;
    readonly source: unknown;
    readonly target: unknown;
    readonly columns: readonly {
      readonly name: string;
      readonly source: string | null;
      readonly target: string | null;
      readonly rule: string;
    }[];
    readonly provenance: string | null;
  }[];
}

describe('sluice rows', function () {
  this.timeout(120_000);
  let folder: string;
  const targets: CliTarget[] = [];

  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-rows-')));
    const store = new Database(join(folder, 'shop.db'));
    store.exec(`CREATE TABLE orders (id INTEGER PRIMARY KEY, amount REAL, note TEXT);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) INSERT INTO orders SELECT i, i / 2.0, 'note' || char(9) || i FROM n;`);
    store.close();
  });
  after(async () => {
    for (const target of targets) await target.remove();
    rmSync(folder, { recursive: true });
  });

  const sluice = (target: CliTarget, ...words: string[]): Promise<CliOutcome> =>
    runCli([...words, '--target', target.flag], { cwd: folder, environment: target.environment });

  it('shows the rows that differ and ends with 4, or 0 when there are none', async function () {
    const target = await postgresTarget(await requirePostgres(this));
    targets.push(target);
    const { runId } = parseRun(await sluice(target, 'run', 'shop.db', '--json'));
    const equal = await sluice(target, 'rows', runId, '--table', 'orders');
    assert.deepEqual([equal.code, equal.stdout], [0, 'public.orders: 300 equal, 0 different, 0 missing, 0 extra\n']);

    await target.query(
      `UPDATE orders SET note = 'other' WHERE id = 7; DELETE FROM orders WHERE id = 9; INSERT INTO orders VALUES (1000, 0.1, NULL); SELECT 1`,
    );
    const outcome = await sluice(target, 'rows', 'shop.db', '--table', 'public.orders', '--json');
    assert.equal(outcome.code, 4);
    const document = parseJson(outcome) as RowsDocument;
    assert.deepEqual(document.counts, { equal: 298, different: 1, missing: 1, extra: 1 });
    assert.deepEqual(document.rows, [
      {
        key: ['7'],
        state: 'different',
        source: { id: '7', amount: '3.5', note: 'note\t7' },
        target: { id: '7', amount: '3.5', note: 'other' },
        columns: [{ name: 'note', source: 'note\t7', target: 'other', rule: 'text: exact' }],
        provenance: 'rowid 7',
      },
      {
        key: ['9'],
        state: 'missing',
        source: { id: '9', amount: '4.5', note: 'note\t9' },
        target: null,
        columns: [],
        provenance: 'rowid 9',
      },
      { key: ['1000'], state: 'extra', source: null, target: { id: '1000', amount: '0.1', note: null }, columns: [], provenance: null },
    ]);
    const text = await sluice(target, 'rows', runId, '--table', 'orders', '--state', 'different', '--limit', '1');
    assert.equal(text.code, 4);
    assert.match(text.stdout, /^public\.orders: 298 equal, 1 different, 1 missing, 1 extra\n/);
    assert.match(text.stdout, /\n {2}7 +different +note +note\\x097 +other +text: exact\n$/);
    assert.match((await sluice(target, 'rows', runId, '--table', 'orders', '--limit', '1')).stdout, /1 of 3 rows shown/);

    assert.equal(parseFailure(await sluice(target, 'rows', runId, '--table', 'nothing', '--json'), 2).code, 'bad-usage');
    assert.equal(parseFailure(await sluice(target, 'rows', runId, '--json'), 2).code, 'bad-usage');
    assert.match((await sluice(target, 'rows', runId, '--table', 'orders', '--state', 'odd')).stderr, /different, missing, extra/);
  });

  it('works on the embedded target', async () => {
    const target = embeddedTarget();
    targets.push(target);
    parseRun(await sluice(target, 'run', 'shop.db', '--json'));
    await target.query(`UPDATE orders SET amount = -1 WHERE id = 300`);
    const outcome = await sluice(target, 'rows', 'shop.db', '--table', 'orders', '--json');
    assert.equal(outcome.code, 4);
    assert.deepEqual(
      (parseJson(outcome) as RowsDocument).rows.map(({ key, state, columns }) => [key, state, columns.map(({ name }) => name)]),
      [[['300'], 'different', ['amount']]],
    );
  });
});
