import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import type { Cursor } from '../../src/core/model/row-batch.ts';
import type { SourceValue } from '../../src/core/model/source-value.ts';
import {
  comparable,
  contractColumns,
  never,
  readIds,
  readRows,
  silent,
  storedRows,
  type ContractRow,
  type Setting,
} from './source-setting.ts';

/** Stable order, cursors and ranges. */
export function testCursors(get: () => Setting): void {
  it('order is stable, whatever the size of the batches', async () => {
    const { opened } = get();
    const all = comparable(await readRows(opened.source, {}));
    for (const batchBytes of [1, 500, 20_000, 1 << 24]) assert.deepEqual(comparable(await readRows(opened.source, { batchBytes })), all);
  });

  it('after and upTo give exactly the rows between, for any two cursors', async () => {
    const { opened } = get();
    const { ids, cursors } = await readIds(opened.source);
    const position = fc.nat({ max: cursors.length - 1 });
    await fc.assert(
      fc.asyncProperty(position, position, fc.constantFrom(300, 1 << 20), async (from, to, batchBytes) => {
        const [after, upTo] = [cursors[from]!, cursors[to]!];
        assert.deepEqual((await readIds(opened.source, { after, batchBytes })).ids, ids.slice(from + 1));
        assert.deepEqual((await readIds(opened.source, { upTo, batchBytes })).ids, ids.slice(0, to + 1));
        assert.deepEqual((await readIds(opened.source, { after, upTo, batchBytes })).ids, ids.slice(from + 1, to + 1));
      }),
      { numRuns: 8 },
    );
  });

  it('survive JSON and serve another reader', async () => {
    const { harness, opened } = get();
    const { ids, cursors } = await readIds(opened.source);
    const kept = JSON.parse(JSON.stringify(cursors[700])) as Cursor;
    const other = await harness.kind.attach(opened.snapshot, silent);
    assert.deepEqual((await readIds(other, { after: kept })).ids, ids.slice(701));
    await other.close();
  });

  it('compare as the rows come', async () => {
    const { opened } = get();
    const { cursors } = await readIds(opened.source);
    for (let i = 0; i < cursors.length - 1; i += 97) {
      assert.ok(opened.source.compareCursors(cursors[i]!, cursors[i + 1]!) < 0, `${cursors[i]} before ${cursors[i + 1]}`);
      assert.ok(opened.source.compareCursors(cursors.at(-1)!, cursors[i]!) > 0);
      assert.equal(opened.source.compareCursors(cursors[i]!, cursors[i]!), 0);
    }
  });

  it('every row has a provenance of its own', async () => {
    const { opened, rows } = get();
    const found = new Set<string>();
    for await (const batch of opened.source.readBatches('things', { columns: ['id'], signal: never })) {
      batch.rows.forEach((_, i) => found.add(batch.provenanceAt(i)));
    }
    assert.equal(found.size, rows.length);
    assert.ok(![...found].includes(''));
  });

  it('rows are found again by their places, in order; a place where nothing is is passed over', async () => {
    const { opened } = get();
    const all = new Map<string, readonly unknown[]>();
    for await (const batch of opened.source.readBatches('things', { columns: contractColumns, signal: never }))
      batch.rows.forEach((row, i) => all.set(batch.provenanceAt(i), row));
    const places = [...all.keys()];
    const { ids } = await readIds(opened.source);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat({ max: places.length - 1 }), { maxLength: 40 }), async (wanted) => {
        const found: unknown[] = [];
        const asked = [...wanted.map((at) => places[at]!), places[0]!.replace(/\d+/, '987654321')];
        for await (const batch of opened.source.readPlaces('things', asked, { columns: ['id'], signal: never }))
          batch.rows.forEach(([id], i) => found.push([batch.provenanceAt(i), id]));
        const expected = wanted.toSorted((a, b) => a - b).map((at) => [places[at], ids[at]]);
        assert.deepEqual(found, expected);
      }),
      { numRuns: 12 },
    );
    const every: unknown[] = [];
    for await (const batch of opened.source.readPlaces('things', places, { columns: contractColumns, signal: never }))
      every.push(...batch.rows);
    assert.deepEqual(every, [...all.values()]);
  });

  it('ranges of a split cover the table without overlap, in order', async () => {
    const { opened } = get();
    const { ids } = await readIds(opened.source);
    for (const parts of [1, 2, 3, 7, 64]) {
      const ranges = await opened.source.splitTable('things', parts);
      assert.ok(ranges.length >= 1 && ranges.length <= parts);
      assert.ok(opened.source.capabilities.ranges || ranges.length === 1);
      const joined = [];
      for (const range of ranges) joined.push(...(await readIds(opened.source, range)).ids);
      assert.deepEqual(joined, ids);
    }
  });
}

/** Memory and cancellation. */
export function testBounds(get: () => Setting): void {
  const wide = 300_000;
  const large = Array.from({ length: 40 }, (_, i): ContractRow => [
    BigInt(i + 1),
    null,
    null,
    'x'.repeat(wide),
    i % 2 === 0 ? null : Buffer.alloc(wide, i),
  ]);

  it('a batch holds no more than its limit and one row', async () => {
    const { harness, open } = get();
    const { source } = await open(large);
    const sizeOf = (row: readonly SourceValue[]): number =>
      row.reduce<number>((sum, value) => sum + (typeof value === 'string' || value instanceof Uint8Array ? value.length : 0), 0);
    const largest = Math.max(...storedRows(harness, large).map(sizeOf));
    for (const batchBytes of [1, wide, 1 << 20]) {
      let rows = 0;
      for await (const batch of source.readBatches('things', { columns: [...contractColumns], signal: never, batchBytes })) {
        const bytes = batch.rows.reduce((sum, row) => sum + sizeOf(row), 0);
        assert.ok(bytes <= batchBytes + largest, `${bytes} bytes under a limit of ${batchBytes}`);
        assert.ok(batch.bytes >= bytes * 0.9 && batch.bytes <= bytes + 8 * 5 * batch.rows.length);
        rows += batch.rows.length;
      }
      assert.equal(rows, large.length);
    }
  });

  it('abort ends within one batch', async () => {
    const { opened } = get();
    const control = new AbortController();
    let batches = 0;
    const reading = async (): Promise<void> => {
      for await (const batch of opened.source.readBatches('things', { columns: ['id'], signal: control.signal, batchBytes: 200 })) {
        assert.ok(batch.rows.length > 0);
        if (++batches === 2) control.abort();
      }
    };
    await assert.rejects(reading(), { code: 'cancelled' });
    assert.equal(batches, 2);
  });

  it('an abort from outside is heard although reading blocks the thread', async () => {
    const { opened } = get();
    const control = new AbortController();
    setTimeout(() => control.abort(), 1);
    const reading = async (): Promise<void> => {
      for (;;) await readRows(opened.source, { signal: control.signal, batchBytes: 2_000 });
    };
    await assert.rejects(reading(), { code: 'cancelled' });
  });

  it('a run that is cancelled already freezes and profiles nothing', async () => {
    const { harness, opened } = get();
    const signal = AbortSignal.abort();
    await assert.rejects(harness.kind.freeze(opened.path, { scratch: tmpdir(), signal }), { code: 'cancelled' });
    await assert.rejects(opened.source.profile('things', { signal }), { code: 'cancelled' });
  });

  it('a reader left in the middle hinders nobody', async () => {
    const { open, rows } = get();
    const { source } = await open(rows);
    const first = source.readBatches('things', { columns: ['id'], signal: never, batchBytes: 100 })[Symbol.asyncIterator]();
    await first.next();
    assert.equal((await readRows(source, {})).length, rows.length);
    for await (const batch of source.readBatches('things', { columns: ['id'], signal: never, batchBytes: 100 }))
      if (batch.rows.length > 0) break;
    assert.equal((await first.next()).done, false);
  });
}
