import assert from 'node:assert/strict';
import type { ExportValue } from '../../src/core/model/export-value.ts';
import type { Cell, RowsView } from '../../src/core/model/rows.ts';
import { InvalidText } from '../../src/core/model/source-value.ts';
import type { Source } from '../../src/core/sources/source.ts';
import { contractColumns, never, type ContractRow, type Setting } from './source-setting.ts';

/** Filtered and sorted looks at a table, for sources with SQL of their own. */
export function testViews(get: () => Setting): void {
  it('are paged without a gap or a repetition, values as exact texts', async () => {
    const { opened, rows } = get();
    const view: RowsView = { filter: null, sort: [{ column: 'id', descending: false }], columns: [...contractColumns] };
    const found: (readonly Cell[])[] = [];
    for (let offset = 0; ; offset += 700) {
      const page = await opened.source.readPage('things', { view, offset, limit: 700, mostCharacters: 1000 });
      assert.deepEqual(page.columns, contractColumns);
      found.push(...page.rows);
      if (page.rows.length < 700) break;
    }
    assert.deepEqual(found, rows.map(shownRow));
  });

  it('are filtered, sorted and counted by the store', async () => {
    const { opened, rows } = get();
    const view: RowsView = { filter: 'whole IS NULL', sort: [{ column: 'id', descending: true }], columns: ['id'] };
    const expected = rows.filter(([, whole]) => whole === null).map(([id]) => [String(id)]);
    const page = await opened.source.readPage('things', { view, offset: 1, limit: 2, mostCharacters: 100 });
    assert.deepEqual(page.rows, expected.toReversed().slice(1, 3));
    assert.equal(await opened.source.countRows('things', 'whole IS NULL'), expected.length);
    assert.equal(await opened.source.countRows('things', null), rows.length);
  });

  it('are read whole in batches', async () => {
    const { opened, rows } = get();
    const view: RowsView = { filter: null, sort: [], columns: ['id', 'bytes'] };
    const read = await readAll(opened.source, view);
    const byId = read.toSorted((a, b) => Number(textOf(a[0])) - Number(textOf(b[0])));
    assert.deepEqual(
      byId.map(([, bytes]) => bytes),
      rows.map(([, , , , bytes]) => (bytes === null ? null : { hex: Buffer.from(bytes).toString('hex') })),
    );
    const stopped = AbortSignal.abort();
    await assert.rejects(readAll(opened.source, view, stopped), { code: 'cancelled' });
  });

  it('take a condition with quotes, brackets and comments in it', async () => {
    const { opened, rows } = get();
    for (const filter of [
      `words IS DISTINCT FROM '?; (' AND (1 = 1) -- that is all; (`,
      `words IS DISTINCT FROM ':name' /* ; ( */`,
      `"words" IS DISTINCT FROM 'it''s)'`,
    ])
      assert.equal(await opened.source.countRows('things', filter), rows.length, filter);
  });

  it('refuse a condition that is none, writes, or is more than one statement', async () => {
    const { opened } = get();
    const refused = [
      'nothing = 1',
      'SELECT',
      '1 = 1; DELETE FROM things',
      '1 = 1;',
      '1 = 1); DELETE FROM things; SELECT (1',
      '1 = 1) RETURNING (1',
      '1 = 1) OR (1 = 1',
      "id = '1') --'",
      '1 = 1 LIMIT 1',
      '(1 = 1',
      "words = 'open",
      '1 = 1 /* open',
      '-- nothing',
      'id = ?',
      'id = ?1',
      'id = :name',
      'id = @name',
      'id = $name',
      '1 = 1\0',
    ];
    for (const filter of refused) await assert.rejects(opened.source.countRows('things', filter), { code: 'filter-refused' }, filter);
    const view: RowsView = { filter: null, sort: [], columns: ['nothing'] };
    const request = { view, offset: 0, limit: 1, mostCharacters: 10 };
    await assert.rejects(opened.source.readPage('things', request), { code: 'no-such-source-column' });
    await assert.rejects(opened.source.readPage('nothing', request), { code: 'no-such-source-table' });
  });
}

async function readAll(source: Source, view: RowsView, signal: AbortSignal = never): Promise<(readonly ExportValue[])[]> {
  const rows: (readonly ExportValue[])[] = [];
  for await (const batch of source.readView('things', view, signal)) rows.push(...batch);
  return rows;
}

function textOf(value: ExportValue | undefined): string {
  return value !== null && typeof value === 'object' && 'literal' in value ? value.literal : String(value);
}

/** Written here once more, so that the source is not its own judge. */
function shownRow([id, whole, real, words, bytes]: ContractRow): Cell[] {
  return [
    String(id),
    whole === null ? null : String(whole),
    real === null ? null : Number.isInteger(real) && Math.abs(real) < 1e21 ? `${real}.0` : String(real),
    words instanceof InvalidText ? { '61ff62': 'a\\xffb', c3: '\\xc3' }[Buffer.from(words.bytes).toString('hex')]! : words,
    bytes === null ? null : `x'${Buffer.from(bytes).toString('hex')}'`,
  ];
}
