import { fixedWidth, mostTupleBytes, toastPointerBytes, tupleBytes } from '../../load/tuple-width.ts';
import { mostKeyBytes, type TupleLimits } from '../../load/tuple-meter.ts';
import type { TableProfile } from '../../model/column-profile.ts';
import type { PgType } from '../../model/pg-type.ts';
import type { CompiledTable } from '../../plan/compiled-plan.ts';
import { indexedColumn } from '../../plan/indexed-column.ts';
import { uniqueColumns } from '../../plan/plan-object-names.ts';
import { fullTextsOf, type PlannedTable } from '../../plan/planned-table.ts';
import { parsePgType } from '../../sql/pg-type.ts';

/**
 * What must be measured in the rows of a table before they are loaded. `largestRow`: bytes in the source; null = unknown. `profile`: of its values,
 * when they were just read; they need not be read again for keys that it knows to be short.
 */
export function tupleLimitsOf(
  planned: PlannedTable,
  table: CompiledTable,
  largestRow: number | null,
  profile: TableProfile | null,
): TupleLimits {
  const besides = besidesLoaded(planned, table);
  const types = [...table.columns.map(({ type }) => type), ...besides];
  const wide = tupleBytes(types, () => toastPointerBytes) > mostTupleBytes;
  // A key is never longer than its row, but an integer of one byte may become a text of many digits: some room is left for that.
  const short = largestRow !== null && largestRow < mostKeyBytes / 2;
  const fits = (columns: readonly number[]): boolean => {
    const longest = columns.map((position) => longestValue(profile, table.columns[position]?.from));
    return longest.every((bytes) => bytes !== null) && longest.reduce((sum, bytes) => sum + bytes, 0) < mostKeyBytes / 2;
  };
  return { wide, besides, keys: short ? [] : longKeys(planned, table).filter(({ columns }) => !fits(columns)) };
}

/** Types of the columns that PostgreSQL fills in every row: those that are not loaded and never NULL, and the words of a full-text search. */
function besidesLoaded({ body }: PlannedTable, { columns }: CompiledTable): readonly PgType[] {
  const others = body.columns.filter(({ to, nullable }) => !nullable && !columns.some((column) => column.to === to));
  return [...others.map(({ type }) => parsePgType(type)), ...fullTextsOf(body).map(() => parsePgType('tsvector'))];
}

/** Bytes of the longest value of a column as text, in digits where it is bytes or a number; null when not all of them were read. */
function longestValue(profile: TableProfile | null, from: string | undefined): number | null {
  const column = profile?.sample === null ? profile.columns.find((candidate) => candidate.column === from) : undefined;
  return column === undefined ? null : Math.max(column.textMaxBytes, column.blobMaxBytes * 2, longestNumber);
}

const longestNumber = 32;

function longKeys({ body }: PlannedTable, table: CompiledTable): TupleLimits['keys'] {
  const trees = [
    { name: 'the primary key', columns: body.primaryKey },
    ...body.uniques.map((unique) => ({ name: `the unique key (${uniqueColumns(unique).join(', ')})`, columns: uniqueColumns(unique) })),
    ...body.indexes
      .filter(({ method, where }) => method === 'btree' && where === null)
      .map((index) => index.columns.flatMap((part) => indexedColumn(part) ?? []))
      .map((columns) => ({ name: `the index (${columns.join(', ')})`, columns })),
  ];
  return trees
    .map(({ name, columns }) => ({
      name,
      columns: columns
        .map((column) => table.columns.findIndex(({ to }) => to === column))
        .filter((position) => position >= 0 && canBeLong(table.columns[position]?.type)),
    }))
    .filter(({ columns }) => columns.length > 0);
}

function canBeLong(type: PgType | undefined): boolean {
  if (type === undefined || type.arrayDepth > 0 || fixedWidth(type) !== null || !textual.has(type.name)) return false;
  const [characters] = type.modifiers;
  return characters === undefined || characters * 4 > mostKeyBytes / 2;
}

/** Types that a B-tree keeps as they come. */
const textual: ReadonlySet<string> = new Set(['text', 'varchar', 'char', 'bpchar', 'citext', 'bytea']);
