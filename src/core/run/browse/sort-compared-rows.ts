import { MigrationError } from '../../errors.ts';
import type { CompiledTable } from '../../plan/compiled-plan.ts';
import { countFolds, orderKeys } from '../../rows/key-order.ts';
import { readBrowsedTable, type BrowsedColumn, type BrowsedTable } from '../../target/browsed-table.ts';
import { inReadOnly } from '../../target/read-only.ts';
import type { Target, TargetSession } from '../../target/target.ts';
import type { WholeRowDifferences } from '../../verify/compare-whole-rows.ts';

type Row = WholeRowDifferences['rows'][number];

interface Totals {
  /** The rows are all that differ. */
  readonly complete: boolean;
  readonly equal: number;
  readonly targetRows: number;
}

/**
 * The rows in the order of their key, as the target orders it, and the equal rows between them. Rows without a key are ordered by their values. A key
 * that is too long to be passed on, or that the target cannot read, leaves the order to a plain comparison of texts and the folds uncounted.
 */
export async function sortComparedRows(
  target: Target,
  table: CompiledTable,
  rows: readonly Row[],
  totals: Totals,
): Promise<{ readonly rows: readonly Row[]; readonly folds: readonly number[] | null }> {
  const plain = { rows: rows.toSorted(byTexts), folds: null };
  if (table.key.length === 0 || rows.some(({ keyTexts, key }) => keyTexts.some((text, i) => isCut(text, key[i])))) return plain;
  return inReadOnly(target, async (session) => {
    const there = await readBrowsedTable(session, table.to.schema, table.to.table);
    const columns = table.key.map((at) => there.columns.find(({ name }) => name === table.columns[at]?.to));
    if (columns.some((column) => column === undefined)) return plain;
    const places = await orderKeys(
      session,
      columns as readonly BrowsedColumn[],
      rows.map(({ keyTexts }) => keyTexts),
    );
    const sorted = places.map((place) => rows[place] as Row);
    // Rows of others, or seed rows, stand between.
    if (table.existing !== undefined || table.seeds !== undefined) return { rows: sorted, folds: null };
    return { rows: sorted, folds: await foldsOf(session, there, columns as readonly BrowsedColumn[], sorted, totals) };
  }).catch((error: unknown) => {
    if (error instanceof MigrationError && error.code === 'sql-failed') return plain;
    throw error;
  });
}

async function foldsOf(
  session: TargetSession,
  table: BrowsedTable,
  columns: readonly BrowsedColumn[],
  rows: readonly Row[],
  totals: Totals,
): Promise<readonly number[] | null> {
  const [column, second] = columns;
  if (column === undefined || second !== undefined || !totals.complete) return null;
  const folded = rows.map(({ keyTexts, state }) => ({ key: keyTexts[0] ?? null, inTarget: state !== 'missing' }));
  if (folded.some(({ key }) => key === null)) return null;
  return countFolds(session, table, column, folded as { key: string; inTarget: boolean }[], totals);
}

/** A key text is null for NULL too, and then the cell shown is 'NULL'. */
function isCut(text: string | null, shown: string | undefined): boolean {
  return text === null && shown !== 'NULL';
}

function byTexts(a: Row, b: Row): number {
  const [left, right] = [textsOf(a), textsOf(b)];
  for (let i = 0; i < left.length; i++) {
    const order = (left[i] ?? '').localeCompare(right[i] ?? '', 'en', { numeric: true });
    if (order !== 0) return order;
  }
  return 0;
}

function textsOf({ key, keyTexts, source, target }: Row): readonly string[] {
  if (keyTexts.length > 0) return key;
  return (target ?? source ?? []).map((cell) => (typeof cell === 'string' ? cell : cell !== null && 'text' in cell ? cell.text : ''));
}
