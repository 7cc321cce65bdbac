import type { CatalogColumn } from '../../../model/catalog.ts';
import { formatDocumentColumn, type DocumentColumn } from '../../../model/document-names.ts';
import { histogram } from './histogram.ts';
import { mergedEntries } from './map-entries.ts';
import { kindsIn, type Shape } from './shape.ts';

/** Elements of an array or entries of a map that are a table of their own. */
export interface ChildShape {
  /** Keys that lead to it. */
  readonly keys: readonly string[];
  readonly each: 'element' | 'entry';
  readonly shape: Shape;
  readonly rows: number;
  /** In how many of the documents, or elements, there is one. */
  readonly found: string;
}

export interface ElementColumns {
  readonly columns: readonly CatalogColumn[];
  readonly children: readonly ChildShape[];
}

/** Objects in objects become columns so deep, and with so many fields. */
const mostLevels = 2;
const mostFields = 16;
/** A field that is in fewer of its objects than this makes them no columns. */
const usual = 0.5;

/** What of an element may be a table of its own: arrays of objects, and maps; arrays alone; or nothing. */
type Children = 'all' | 'arrays' | 'none';

/** Columns of elements of one shape. */
export function columnsOf(shape: Shape, withChildren: Children): ElementColumns {
  const kinds = kindsIn(shape);
  if (kinds.length !== 1 || kinds[0] !== 'object' || shape.entries !== null || shape.fields.size === 0)
    return { columns: [wholeColumn(shape, kinds)], children: [] };
  const found = { columns: [] as CatalogColumn[], children: [] as ChildShape[] };
  addFields(shape, [], withChildren, found);
  return found;
}

type Found = { readonly columns: CatalogColumn[]; readonly children: ChildShape[] };

function addFields(shape: Shape, keys: readonly string[], withChildren: Children, found: Found): void {
  for (const [key, field] of shape.sortedFields()) addField(field, shape.counts.object, [...keys, key], withChildren, found);
}

function addField(field: Shape, expected: number, keys: readonly string[], withChildren: Children, found: Found): void {
  const kinds = kindsIn(field);
  const absent = field.counts.null + (expected - field.seen);
  const [only] = kinds.length === 1 ? kinds : [];
  if (withChildren !== 'none' && only === 'array' && isTable(field)) {
    const shown = histogram(field, expected);
    found.children.push({ keys, each: 'element', shape: field.items!, rows: field.items!.seen, found: shown });
    // Without it an empty array and none would be alike.
    if (absent > 0) found.columns.push(columnAt({ count: keys }, `${keys.join('_')}_count`, 'integer', true, shown));
    return;
  }
  if (withChildren === 'all' && only === 'object' && absent === 0) {
    const entries = mergedEntries(field);
    if (entries !== null) {
      found.children.push({ keys, each: 'entry', shape: entries, rows: field.entriesSeen, found: histogram(field, expected) });
      return;
    }
  }
  if (only === 'object' && absent === 0 && isFlat(field, keys.length)) return addFields(field, keys, withChildren, found);
  found.columns.push(plainColumn(field, expected, keys, kinds));
}

/** An array of nothing but objects. */
function isTable({ items }: Shape): boolean {
  return items !== null && items.counts.object > 0 && items.seen === items.counts.object;
}

function isFlat(shape: Shape, level: number): boolean {
  const { fields, entries, counts } = shape;
  if (level > mostLevels || entries !== null || fields.size === 0 || fields.size > mostFields) return false;
  return [...fields.values()].every(({ seen }) => seen >= counts.object * usual);
}

function plainColumn(field: Shape, expected: number, keys: readonly string[], kinds: readonly string[]): CatalogColumn {
  const missing = expected - field.seen;
  const shown = histogram(field, expected);
  const nested = kinds.length === 1 && (kinds[0] === 'array' || kinds[0] === 'object');
  // A value alone does not say what it was, and neither does NULL.
  const asJson = kinds.length > 1 || (nested && missing > 0 && field.counts.null > 0);
  const name: DocumentColumn = asJson ? { json: keys } : { pointer: keys };
  return columnAt(name, keys.join('_'), declaredAs(field, kinds), missing + field.counts.null > 0, shown);
}

/** The element itself. */
function wholeColumn(shape: Shape, kinds: readonly string[]): CatalogColumn {
  const scalar = kinds.length === 1 && kinds[0] !== 'object' && kinds[0] !== 'array';
  const shown = histogram(shape, shape.seen);
  if (scalar) return columnAt({ pointer: [] }, 'value', declaredAs(shape, kinds), shape.counts.null > 0, shown);
  return columnAt({ json: [] }, 'document', 'mixed', true, shown);
}

function declaredAs({ counts }: Shape, kinds: readonly string[]): string {
  if (kinds.length > 1) return 'mixed';
  const [kind = 'null'] = kinds;
  return kind === 'number' && counts.number === 0 ? 'integer' : kind;
}

/** A column of the catalog. */
export function columnAt(column: DocumentColumn, bareName: string, declared: string, nullable: boolean, found?: string): CatalogColumn {
  return {
    name: formatDocumentColumn(column),
    bareName: bareName === '' ? 'empty' : bareName,
    ...(found !== undefined && { found }),
    declared,
    nullable,
    default: null,
    generated: null,
    identity: false,
    collation: null,
  };
}
