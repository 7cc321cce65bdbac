import { getNodeValue, findNodeAtLocation } from 'jsonc-parser';
import { converterNames } from '../../core/plan/converter-names.ts';
import { typeChoices } from '../../core/plan/type-choices.ts';
import { parsePgType } from '../../core/sql/pg-type.ts';
import { readVectorExpression } from '../../core/sql/vector-expression.ts';
import { vectorOpclasses } from '../../core/sql/vector-limits.ts';
import type { PlanFacts } from './plan-facts.ts';
import { tableOfPath, type OutlineColumn, type OutlineTable, type PlanOutline } from './plan-outline.ts';

/** A text that may stand at some place of a plan. */
export interface PlanName {
  readonly name: string;
  readonly detail: string;
  readonly kind: 'column' | 'table' | 'source' | 'target' | 'type' | 'converter' | 'opclass';
}

type Path = readonly (string | number)[];

/** What may be named at a path, best first; null where no list of names is known (the JSON Schema may know words). */
export function namesAt(outline: PlanOutline, path: Path, facts: PlanFacts): readonly PlanName[] | null {
  for (const { pattern, names } of places) {
    if (matches(pattern, path)) return names({ outline, path, facts, table: tableOfPath(outline, path) });
  }
  return null;
}

interface Place {
  readonly outline: PlanOutline;
  readonly path: Path;
  readonly facts: PlanFacts;
  readonly table: OutlineTable | null;
}

/** `*` stands for one step. */
const places: readonly { readonly pattern: string; readonly names: (place: Place) => readonly PlanName[] }[] = [
  { pattern: 'target/profile', names: ({ facts }) => facts.profiles.map(({ id, detail }) => ({ name: id, detail, kind: 'target' })) },
  { pattern: 'tables/*/source', names: ({ outline }) => sourceNames(outline) },
  { pattern: 'tables/*/from', names: sourceTables },
  { pattern: '*/*/columns/*/from', names: sourceColumns },
  { pattern: '*/*/columns/*/to', names: ({ table, path }) => sameName(columnOf(table, path)) },
  { pattern: '*/*/columns/*/type', names: columnTypes },
  { pattern: '*/*/columns/*/convert', names: converters },
  { pattern: '*/*/columns/*/convert/name', names: converters },
  { pattern: '*/*/columns/*/convert/*/convert', names: converters },
  { pattern: '*/*/columns/*/convert/*/convert/name', names: converters },
  { pattern: '*/*/primaryKey/*', names: ownColumns },
  { pattern: '*/*/uniques/*/*', names: ownColumns },
  { pattern: '*/*/uniques/*/columns/*', names: ownColumns },
  { pattern: '*/*/indexes/*/columns/*', names: ownColumns },
  { pattern: '*/*/indexes/*/columns/*/column', names: ownColumns },
  { pattern: '*/*/indexes/*/opclass', names: opclasses },
  { pattern: '*/*/indexes/*/columns/*/opclass', names: opclasses },
  { pattern: '*/*/foreignKeys/*/columns/*', names: ownColumns },
  { pattern: '*/*/foreignKeys/*/references', names: ({ outline }) => tableNames(outline) },
  { pattern: '*/*/foreignKeys/*/references/table', names: ({ outline }) => tableNames(outline) },
  { pattern: '*/*/foreignKeys/*/referencesColumns/*', names: referencedColumns },
  { pattern: '*/*/partitionBy/column', names: ownColumns },
  { pattern: '*/*/fullText/from/*', names: ownColumns },
  { pattern: '*/*/fullText/*/from/*', names: ownColumns },
  { pattern: '*/*/embed/from/*', names: ownColumns },
  { pattern: '*/*/incremental/column', names: ownColumns },
  { pattern: 'sequences/*/ownedBy/table', names: ({ outline }) => tableNames(outline) },
  { pattern: 'sequences/*/ownedBy/column', names: ({ outline, path }) => columnNames(tableNamed(outline, path, 'table')) },
];

function matches(pattern: string, path: Path): boolean {
  const steps = pattern.split('/');
  return steps.length === path.length && steps.every((step, i) => step === '*' || step === path[i]);
}

function sourceNames(outline: PlanOutline): readonly PlanName[] {
  return [...outline.sources].map(([name, path]) => ({ name, detail: path ?? '', kind: 'source' }));
}

function sourceTables({ outline, table, facts }: Place): readonly PlanName[] {
  const path = sourcePath(outline, table);
  const used = new Set(outline.tables.map(({ from }) => from));
  const names = path === null ? [] : facts.tables(path).map((name): PlanName => ({ name, detail: 'table of the source', kind: 'table' }));
  return unusedFirst(names, used);
}

function sourceColumns({ outline, table, facts, path }: Place): readonly PlanName[] {
  const known = columnsOfSource(outline, table, facts);
  const own = columnOf(table, path);
  const used = new Set(table?.columns.filter((column) => column !== own).map(({ from }) => from));
  const names = known.map(({ name, declared }): PlanName => ({ name, detail: declared, kind: 'column' }));
  return unusedFirst(names, used);
}

function sameName(column: OutlineColumn | null): readonly PlanName[] {
  const from = column?.from ?? null;
  return from === null ? [] : [{ name: from, detail: 'as in the source', kind: 'column' }];
}

function columnTypes({ outline, table, facts, path }: Place): readonly PlanName[] {
  const column = columnOf(table, path);
  const declared = columnsOfSource(outline, table, facts).find(({ name }) => name === column?.from)?.declared ?? null;
  const offered = typeChoices({ type: column?.type ?? '', evidence: column?.evidence ?? '' }, declared).filter(({ type }) => type !== '');
  const rest = plainTypes.filter((type) => !offered.some((choice) => choice.type === type));
  return [
    ...offered.map(({ type, detail }): PlanName => ({ name: type, detail, kind: 'type' })),
    ...outline.enums.map((name): PlanName => ({ name, detail: 'enum of this plan', kind: 'type' })),
    ...rest.map((name): PlanName => ({ name, detail: '', kind: 'type' })),
  ];
}

// prettier-ignore
const plainTypes = [
  'smallint', 'integer', 'bigint', 'numeric', 'numeric(10,2)', 'real', 'double precision', 'boolean', 'text', 'varchar(255)', 'citext', 'bytea',
  'date', 'time', 'timestamp', 'timestamptz', 'interval', 'uuid', 'json', 'jsonb', 'inet', 'vector(384)', 'halfvec(384)',
];

function converters(): readonly PlanName[] {
  return converterNames.map((name) => ({ name, detail: converterWords[name], kind: 'converter' }));
}

const converterWords: Readonly<Record<(typeof converterNames)[number], string>> = {
  auto: 'by the target type alone',
  'epoch-s': 'seconds since 1970 → date or timestamp',
  'epoch-ms': 'milliseconds since 1970 → date or timestamp',
  'epoch-us': 'microseconds since 1970 → date or timestamp',
  julian: 'Julian day → date or timestamp',
  'json-text': 'JSON in a text → jsonb or vector',
  'float32-blob': 'little-endian float32 → vector',
  'float64-blob': 'little-endian float64 → vector, rounded',
  'packed-bits': 'bits in a blob, the first in the highest of a byte → bit',
  'packed-bits-low': 'bits in a blob, the first in the lowest of a byte → bit',
  'blob-text': 'UTF-8 in a blob → text or jsonb',
  'text-hex': 'hexadecimal text → bytea',
  'decimal-comma': 'text such as 1.234,56 → number',
  'grouped-comma': 'text such as 1,234.56 → number',
  'date-dmy': 'text such as 31/12/2024 → date',
  'date-mdy': 'text such as 12/31/2024 → date',
};

function ownColumns({ table }: Place): readonly PlanName[] {
  return columnNames(table);
}

function referencedColumns({ outline, path }: Place): readonly PlanName[] {
  return columnNames(tableNamed(outline, path.slice(0, -1), 'references'));
}

/** Operator classes of what the index holds: the vector column itself, or an expression of one. */
function opclasses({ table, outline, path }: Place): readonly PlanName[] {
  const index = valueAt(outline, path.slice(0, 4)) as WrittenIndex | undefined;
  const part = path[4] === 'columns' ? index?.columns?.[Number(path[5])] : index?.columns?.[0];
  const method = index?.method === 'ivfflat' ? 'ivfflat' : 'hnsw';
  return (vectorOpclasses[method][indexedType(table, index, part)] ?? []).map((name) => ({
    name,
    detail: distanceOf(name),
    kind: 'opclass',
  }));
}

interface WrittenIndex {
  readonly columns?: readonly unknown[];
  readonly expression?: unknown;
  readonly method?: unknown;
}

/** vector, halfvec, sparsevec or bit; vector while nobody knows. */
function indexedType(table: OutlineTable | null, index: WrittenIndex | undefined, part: unknown): string {
  const { column: named, expression = index?.expression } =
    typeof part === 'object' ? ((part ?? {}) as { readonly column?: unknown; readonly expression?: unknown }) : { column: part };
  const known = typeof expression === 'string' ? readVectorExpression(expression)?.type : undefined;
  const column = table?.columns.find(({ to }) => to === named);
  const type = known ?? (column === undefined ? 'vector' : typeName(column.type));
  return type in vectorOpclasses.hnsw ? type : 'vector';
}

function distanceOf(opclass: string): string {
  return distances.find(({ distance }) => opclass.includes(`_${distance}_`))?.detail ?? opclass;
}

const distances = [
  { distance: 'cosine', detail: 'cosine distance, <=>' },
  { distance: 'l2', detail: 'Euclidean distance, <->' },
  { distance: 'ip', detail: 'negative inner product, <#>' },
  { distance: 'l1', detail: 'taxicab distance, <+>' },
  { distance: 'hamming', detail: 'Hamming distance, <~>' },
  { distance: 'jaccard', detail: 'Jaccard distance, <%>' },
];

function typeName(text: string): string {
  try {
    return parsePgType(text).name;
  } catch {
    return text;
  }
}

function tableNames(outline: PlanOutline): readonly PlanName[] {
  return outline.tables
    .filter(({ to }) => to !== '')
    .map(({ to, include }) => ({ name: to, detail: include ? 'table' : 'not included', kind: 'table' }));
}

function columnNames(table: OutlineTable | null): readonly PlanName[] {
  return (table?.columns ?? []).filter(({ to }) => to !== '').map(({ to, type }) => ({ name: to, detail: type, kind: 'column' }));
}

/** The table that the key beside `path` names. */
function tableNamed(outline: PlanOutline, path: Path, key: string): OutlineTable | null {
  const name = valueAt(outline, [...path.slice(0, -1), key]);
  const text = typeof name === 'object' && name !== null && 'table' in name ? name.table : name;
  return outline.tables.find(({ to }) => to === text) ?? null;
}

/** Columns of the store's table that a table of the plan reads. */
export function columnsOfSource(
  outline: PlanOutline,
  table: OutlineTable | null,
  facts: PlanFacts,
): readonly { name: string; declared: string }[] {
  const path = sourcePath(outline, table);
  return path === null || typeof table?.from !== 'string' ? [] : (facts.table(path, table.from)?.columns ?? []);
}

export function sourcePath(outline: PlanOutline, table: OutlineTable | null): string | null {
  return typeof table?.source !== 'string' ? null : (outline.sources.get(table.source) ?? null);
}

export function columnOf(table: OutlineTable | null, path: Path): OutlineColumn | null {
  return path[2] === 'columns' ? (table?.columns.find(({ index }) => index === path[3]) ?? null) : null;
}

function valueAt({ root }: PlanOutline, path: Path): unknown {
  const node = root === undefined ? undefined : findNodeAtLocation(root, [...path]);
  return node === undefined ? undefined : getNodeValue(node);
}

function unusedFirst(names: readonly PlanName[], used: ReadonlySet<string | null>): readonly PlanName[] {
  return [...names.filter(({ name }) => !used.has(name)), ...names.filter(({ name }) => used.has(name))];
}
