import type { SchemaColumn, SchemaConstraint, SchemaIndex } from '../model/schema-snapshot.ts';
import type { CatalogDiff, TableDiff } from './diff-catalog.ts';
import type { Pair } from './diff-lists.ts';
import { columnType, schemaTableLabel } from './render-ddl.ts';

/** What of one table PostgreSQL cannot change in place: dropped first, made again at the end. */
export interface Rebuild {
  readonly table: TableDiff;
  /** Generated columns. */
  readonly columns: readonly Pair<SchemaColumn>[];
  readonly constraints: readonly Pair<SchemaConstraint>[];
  readonly indexes: readonly Pair<SchemaIndex>[];
}

/**
 * Keys and indexes that differ; generated columns that differ or are computed from a column whose type changes, with what stands on them; foreign keys
 * on either side of such a column or key.
 */
export function findRebuilds(diff: CatalogDiff): readonly Rebuild[] {
  const own = diff.tables.map(ownRebuild);
  const byLabel = new Map(own.map((rebuild) => [schemaTableLabel(rebuild.table.after), rebuild]));
  return own.map((rebuild) => {
    const keys = pairsOf(rebuild.table.constraints).filter(({ before }) => before.kind === 'foreign-key' && !rebuild.hasConstraint(before));
    const standing = keys.filter(({ before }) => {
      const parent = before.references === null ? undefined : byLabel.get(`${before.references.schema}.${before.references.table}`);
      return (
        touches(rebuild, before.columns) || (parent !== undefined && (parent.losesKey || touches(parent, before.references?.columns ?? [])))
      );
    });
    return { ...rebuild, constraints: [...standing, ...rebuild.constraints] };
  });
}

interface OwnRebuild extends Rebuild {
  /** Columns whose type changes or that are dropped for a while. */
  readonly touched: ReadonlySet<string>;
  /** A key that others may refer to is dropped for a while. */
  readonly losesKey: boolean;
  hasConstraint(before: SchemaConstraint): boolean;
}

function ownRebuild(table: TableDiff): OwnRebuild {
  const typed = table.columns.alters.filter(({ before, after }) => columnType(before) !== columnType(after)).map(({ after }) => after.name);
  const columns = pairsOf(table.columns).filter((pair) => isRebuiltColumn(pair, typed));
  const gone = columns.map(({ before }) => before.name);
  const constraints = [
    ...table.constraints.alters,
    ...table.constraints.same.filter(({ before }) => before.columns.some((column) => gone.includes(column))),
  ];
  const indexes = [
    ...table.indexes.alters,
    ...table.indexes.same.filter(({ before }) => gone.some((column) => mentions(before.definition, column))),
  ];
  const dropped = new Set(constraints.map(({ before }) => before));
  return {
    table,
    columns,
    constraints: constraints.toSorted((a, b) => Number(isKey(a.before)) - Number(isKey(b.before))),
    indexes,
    touched: new Set([...typed, ...gone]),
    losesKey: [...dropped].some(isKey),
    hasConstraint: (before) => dropped.has(before),
  };
}

function isRebuiltColumn({ before, after }: Pair<SchemaColumn>, typed: readonly string[]): boolean {
  const { generated } = after;
  if (generated === null) return false;
  if (before.generated?.expression !== generated.expression || before.generated.stored !== generated.stored) return true;
  return typed.includes(after.name) || typed.some((column) => mentions(generated.expression, column));
}

function isKey(constraint: SchemaConstraint): boolean {
  return constraint.kind === 'primary-key' || constraint.kind === 'unique';
}

function touches(rebuild: OwnRebuild, columns: readonly string[]): boolean {
  return columns.some((column) => rebuild.touched.has(column));
}

function pairsOf<T>(lists: { readonly alters: readonly Pair<T>[]; readonly same: readonly Pair<T>[] }): readonly Pair<T>[] {
  return [...lists.alters, ...lists.same];
}

/** A name stands in SQL that PostgreSQL wrote, with or without quotes. */
function mentions(sql: string, name: string): boolean {
  const names = sql.match(/"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [];
  return names.some((found) => found === name || (found.startsWith('"') && found.slice(1, -1).replaceAll('""', '"') === name));
}
