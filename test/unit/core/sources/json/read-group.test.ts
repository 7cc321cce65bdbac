import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonSource } from '../../../../../src/core/sources/json/json-source.ts';
import type { ReadOptions } from '../../../../../src/core/sources/source.ts';
import { readTable, withTree } from '../../../../helpers/read-json.ts';

const never = new AbortController().signal;
const tables = [
  { table: '*.json* $', columns: ['/id'] },
  { table: '*.json* $.items[*]', columns: ['^/id', '#position', '/k'] },
];

interface Group {
  readonly rows: readonly (readonly (readonly unknown[])[])[];
  readonly cursors: readonly string[];
}

async function readGroup(source: JsonSource, options: Partial<ReadOptions> = {}): Promise<Group> {
  const rows: unknown[][][] = [[], []];
  const cursors: string[] = [];
  for await (const { batches, cursor } of source.readGroup(tables, { signal: never, ...options })) {
    cursors.push(cursor);
    batches.forEach((batch, i) =>
      batch.rows.forEach((values, row) => {
        const broken = batch.brokenAt?.(row) ?? null;
        rows[i]!.push([batch.provenanceAt(row), ...(broken === null ? values : [broken.message])]);
      }),
    );
  }
  return { rows, cursors };
}

const document = fc.record({ id: fc.nat(), items: fc.array(fc.record({ k: fc.nat({ max: 9 }) }), { maxLength: 4 }) });
const files = fc.array(fc.array(document, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 3 });
const laid = (lists: readonly (readonly unknown[])[]): Record<string, string> =>
  Object.fromEntries(
    lists.map((list, i) =>
      i % 2 === 0 ? [`${i}.json`, JSON.stringify(list)] : [`${i}.jsonl`, list.map((one) => JSON.stringify(one)).join('\n')],
    ),
  );

describe('reading the tables of documents together', () => {
  it('gives the rows that each table gives by itself, whole documents at a time, and goes on behind any of them', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (lists) => {
        await withTree(laid(lists), async ({ source }) => {
          const whole = await readGroup(source, { batchBytes: 1 });
          for (const [i, { table, columns }] of tables.entries()) {
            const alone = await readTable(source, table, columns);
            assert.deepEqual(
              whole.rows[i],
              alone.map(({ place, values }) => [place, ...values]),
            );
          }
          assert.deepEqual((await readGroup(source)).rows, whole.rows);
          for (const cursor of whole.cursors) {
            const [before, behind] = [await readGroup(source, { upTo: cursor }), await readGroup(source, { after: cursor })];
            assert.deepEqual(
              whole.rows,
              before.rows.map((list, i) => [...list, ...behind.rows[i]!]),
            );
            assert.ok(before.rows[1]!.length >= 0);
          }
          for (const parts of [1, 2, 5]) {
            const ranges = await source.splitGroup(
              tables.map(({ table }) => table),
              parts,
            );
            const joined: unknown[][] = [[], []];
            for (const range of ranges) (await readGroup(source, range)).rows.forEach((list, i) => joined[i]!.push(...list));
            assert.deepEqual(joined, whole.rows);
          }
          const sorted = whole.cursors.toSorted((a, b) => source.compareCursors(a, b));
          assert.deepEqual(sorted, whole.cursors);
        });
      }),
      { numRuns: 25 },
    );
  });

  it('tells a broken document once, as a row of the first table', async () => {
    await withTree({ 'a.jsonl': '{"id":1,"items":[{"k":1}]}\n{"id":\n{"id":3,"items":[{"k":3}]}\n' }, async ({ source }) => {
      assert.deepEqual((await readGroup(source)).rows, [
        [
          ['a.jsonl:1', 1n],
          ['a.jsonl:2, byte 33', 'The document ends in the middle of a value (byte 33)'],
          ['a.jsonl:3', 3n],
        ],
        [
          ['a.jsonl:1#/items/0', 1n, 0n, 1n],
          ['a.jsonl:3#/items/0', 3n, 0n, 3n],
        ],
      ]);
    });
  });

  it('puts tables together that read the same files', async () => {
    await withTree({ 'a/1.json': '{}', 'b/1.json': '{}', 'c.json': '{}' }, async ({ source }) => {
      const names = ['a/*.json $', 'b/*.json $', 'c.json $', 'a/1.json $.x[*]', '{b/1,c}.json $'];
      assert.deepEqual(source.groupTables(names), [
        ['a/*.json $', 'a/1.json $.x[*]'],
        ['b/*.json $', 'c.json $', '{b/1,c}.json $'],
      ]);
    });
  });
});
