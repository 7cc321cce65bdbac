import type { PairTablePreview } from '../model/duplicates.ts';
import { inReadOnly } from '../target/read-only.ts';
import type { Target } from '../target/target.ts';
import { fitPairTable, type PairTableWish } from './fit-pair-table.ts';
import { readVectorColumn, type VectorColumnName } from './vector-column.ts';
import { describeWriting, isPairTableThere } from './write-pairs.ts';

/** How `findDuplicates` would write its pairs. Nothing is searched or written. Throws `pair-table-unfit` and what `readVectorColumn` throws. */
export async function previewPairs(name: VectorColumnName, into: PairTableWish, target: Target): Promise<PairTablePreview> {
  return inReadOnly(target, async (session) => {
    const there = await isPairTableThere(session, into);
    const fitted = await fitPairTable(session, await readVectorColumn(session, name), into, there);
    const columns = [...fitted.a, ...fitted.b, fitted.similarity].map((column) => column.name);
    return { table: `${into.schema}.${into.table}`, columns, there, sql: describeWriting(fitted) };
  });
}
