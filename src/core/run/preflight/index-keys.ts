import type { IndexKey } from '../../load/measure-index-key.ts';
import { mostKeyBytes } from '../../load/tuple-meter.ts';
import type { ExpressionColumns, StorageClass } from '../../mapping/expressions/expression-column.ts';
import { translateCondition, translateExpression } from '../../mapping/expressions/translate-expression.ts';
import { nameIdentifiers, type IdentifierStyle } from '../../mapping/identifiers.ts';
import type { CatalogIndex, CatalogIndexPart, CatalogTable } from '../../model/catalog.ts';
import { indexedColumn } from '../../plan/indexed-column.ts';
import { collatedExpression } from '../../plan/migration/key-columns.ts';
import type { PlanColumn, PlanIndex, PlanTable } from '../../plan/plan-schema.ts';
import type { KeyPart } from '../../sources/source.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { parsePgType } from '../../sql/pg-type.ts';

/** What of an index is measured before its rows are loaded. */
export interface MeasurableKey {
  readonly name: string;
  /** null: the store has no such index, so that nobody knows the words for its expressions. */
  readonly key: IndexKey | null;
  /** The store's words are what the plan says; else what is measured may not be what is indexed. */
  readonly exact: boolean;
}

/** The B-trees of a table over expressions, or over some of its rows. The others are measured in the rows as they are converted. */
export function indexKeysOf(load: PlanTable, catalog: CatalogTable | null, style: IdentifierStyle): readonly MeasurableKey[] {
  return load.indexes.flatMap((index) => {
    if (index.method !== 'btree' || (index.where === null && partsOf(index).every(({ column }) => column !== null))) return [];
    const found = measurable(index, load, catalog, catalog?.indexes.find((candidate) => isNamed(candidate, index, style)) ?? null);
    return found === null ? [] : [found];
  });
}

function isNamed({ name }: CatalogIndex, index: PlanIndex, style: IdentifierStyle): boolean {
  return nameIdentifiers([name], style)[0]?.to === index.name;
}

interface PlannedPart {
  readonly column: string | null;
  readonly expression: string;
}

function partsOf(index: PlanIndex): readonly PlannedPart[] {
  const listed = index.columns.map((part) => {
    const column = indexedColumn(part);
    return { column, expression: typeof part === 'object' && 'expression' in part ? part.expression : '' };
  });
  return index.expression === null ? listed : [...listed, { column: null, expression: index.expression }];
}

/** null: no key of it can be long. */
function measurable(index: PlanIndex, load: PlanTable, catalog: CatalogTable | null, origin: CatalogIndex | null): MeasurableKey | null {
  const name = `the index ${index.name ?? `on ${load.from as string}`}`;
  const columns = columnsOf(load, catalog);
  const parts = partsOf(index).map((part, i) => storeWords(part, origin?.parts[i] ?? null, load, columns));
  if (parts.includes(null)) return { name, key: null, exact: false };
  const long = parts.flatMap((part) => (part === null || part === 'short' ? [] : [part]));
  if (long.length === 0) return null;
  const words = origin?.where ?? null;
  const known = index.where !== null && words !== null && isSame(translateCondition(words, columns, 'unique-index'), index.where);
  // A condition that only PostgreSQL knows may leave out any row.
  const key = { name, parts: long.map(({ part }) => part), where: known ? words : null };
  return { name, key, exact: (known || index.where === null) && long.every(({ exact }) => exact) };
}

interface StorePart {
  readonly part: KeyPart;
  readonly exact: boolean;
}

/** The part as the store evaluates it; `short` where it fits whatever the values are, null where nobody knows. */
function storeWords(
  { column, expression }: PlannedPart,
  origin: CatalogIndexPart | null,
  load: PlanTable,
  columns: ExpressionColumns,
): StorePart | 'short' | null {
  if (column !== null) return columnPart(load.columns.find(({ to }) => to === column));
  if (isShort(expression)) return 'short';
  const folded = load.columns.find(({ to }) => collatedExpression(quoteIdentifier(to), 'NOCASE') === expression);
  if (folded !== undefined) return columnPart(folded);
  if (origin === null || origin.expression === null || origin.expression === '') return null;
  const translated = translateExpression(origin.expression, columns, 'index');
  const sql =
    'refused' in translated ? null : translated.family === 'text' ? collatedExpression(translated.sql, origin.collation) : translated.sql;
  return { part: { expression: origin.expression }, exact: sql === expression };
}

function columnPart(column: PlanColumn | undefined): StorePart | 'short' | null {
  if (column === undefined || typeof column.from !== 'string') return null;
  if (!textual.has(parsePgType(column.type).name)) return 'short';
  return { part: { column: column.from }, exact: isCopied(column) };
}

const textual: ReadonlySet<string> = new Set(['text', 'varchar', 'char', 'bpchar', 'citext', 'bytea']);

/** Sums and beginnings of texts, which indexes over long texts are made of. */
function isShort(expression: string): boolean {
  const text = expression.trim();
  if (/^(?:md5|hashtext|hashtextextended|length|octet_length|char_length)\s*\((?:[^()]|\([^()]*\))*\)$/i.test(text)) return true;
  const characters = /^(?:left|substr|substring)\s*\((?:[^()]|\([^()]*\))*,\s*(\d+)\)$/i.exec(text)?.[1];
  return characters !== undefined && Number(characters) * 4 < mostKeyBytes;
}

/** How the store's expressions name the columns of a table whose values have been read before. */
function columnsOf(load: PlanTable, catalog: CatalogTable | null): ExpressionColumns {
  return (name) => {
    const known = catalog?.columns.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    const planned = load.columns.find(({ from }) => known !== undefined && from === known.name);
    if (known === undefined || planned === undefined) return null;
    const type = isCopied(planned) ? parsePgType(planned.type).name : 'other';
    return { to: planned.to, type, collation: known.collation, storage: storage[type] ?? null };
  };
}

const storage: Readonly<Record<string, StorageClass>> = {
  text: 'text',
  varchar: 'text',
  bytea: 'blob',
  smallint: 'integer',
  integer: 'integer',
  bigint: 'integer',
  'double precision': 'real',
};

/** Values arrive as the store has them. */
export function isCopied({ convert, nullTokens, loss }: PlanColumn): boolean {
  return convert === null && nullTokens === null && loss !== 'rounded' && loss !== 'lossy';
}

function isSame(translated: ReturnType<typeof translateCondition>, sql: string): boolean {
  return 'sql' in translated && translated.sql === sql;
}
