import type { SchemaStep } from '../model/schema-diff.ts';
import type { SchemaColumn, SchemaConstraint, SchemaObject, SchemaTable } from '../model/schema-snapshot.ts';
import type { ObjectKind, Statement } from '../model/statement.ts';
import { dropStatement } from '../sql/drop-statement.ts';
import { qualifiedName, quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { quoteTable, type SqlTableName } from '../sql/table-name.ts';
import { addColumn, alterColumn, dropColumn } from './column-statements.ts';
import type { CatalogDiff } from './diff-catalog.ts';
import { findRebuilds, type Rebuild } from './find-rebuilds.ts';
import { schemaTableLabel } from './render-ddl.ts';

/**
 * SQL that turns the target into what the plan makes, in order. New tables, keys and indexes come as the plan's own statements (`planned`: all of them, in
 * order); columns and checks of tables that are there are altered. What only the target has is left alone, with two limits: an enum keeps labels that
 * the plan does not have, and a column that becomes a generated one loses its values (hazard `destructive`).
 * `qualified`: the planned form of those tables with every name qualified, so that a statement means the same under any search path.
 */
export function diffStatements(diff: CatalogDiff, qualified: readonly SchemaTable[], planned: readonly Statement[]): readonly SchemaStep[] {
  const rebuilds = findRebuilds(diff);
  const texts = new Map(qualified.map((table) => [schemaTableLabel(table), table]));
  const fresh = new Set(diff.newTables.map(schemaTableLabel));
  const isFresh = ({ table }: Statement): boolean => table !== null && fresh.has(table);
  const preData = planned.filter((statement) => statement.section === 'pre-data');
  return [
    ...preData.filter((statement) => isFresh(statement) || makesNewObject(diff, statement)).map(plain),
    ...diff.objects.alters.flatMap(({ before, after }) => alterObject(before, after)),
    ...dropRebuilt(rebuilds),
    ...rebuilds.flatMap((rebuild) => columnSteps(rebuild, texts)),
    ...preData
      .filter((statement) => !isFresh(statement) && isSequenceOwnership(statement))
      .filter((s) => ownsNewly(diff, s))
      .map(plain),
    ...rebuilds.flatMap((rebuild) => addedChecks(rebuild, texts)),
    ...planned
      .filter((statement) => statement.section === 'post-data')
      .flatMap((statement) => (isFresh(statement) ? [plain(statement)] : addedPart(rebuilds, statement))),
  ];
}

function plain({ sql, hazards }: Statement): SchemaStep {
  return { sql, hazards };
}

/** Extension, schema, type or sequence that is missing; a sequence with what sets its next value. */
function makesNewObject(diff: CatalogDiff, { object, sql, table }: Statement): boolean {
  return diff.objects.adds.some(({ kind, schema, name }) => {
    if (object !== null) return object.kind === kind && object.schema === schema && object.name === name;
    return kind === 'sequence' && table === null && sql.startsWith(`ALTER SEQUENCE ${qualifiedName(schema, name)} `);
  });
}

function isSequenceOwnership({ object, sql, table }: Statement): boolean {
  return object === null && table !== null && sql.startsWith('ALTER SEQUENCE ');
}

/** The sequence is new, or the column that owns it differs. */
function ownsNewly(diff: CatalogDiff, { sql }: Statement): boolean {
  const isOf = (sequence: { readonly schema: string | null; readonly name: string }): boolean =>
    sql.startsWith(`ALTER SEQUENCE ${qualifiedName(sequence.schema, sequence.name)} `);
  const columns = diff.tables.flatMap((table) => [...table.columns.adds, ...table.columns.alters.map(({ after }) => after)]);
  return (
    diff.objects.adds.some((object) => object.kind === 'sequence' && isOf(object)) ||
    columns.some((c) => c.sequence !== null && isOf(c.sequence))
  );
}

function alterObject(before: SchemaObject, after: SchemaObject): readonly SchemaStep[] {
  const name = qualifiedName(after.schema, after.name);
  if (after.kind === 'sequence') return [{ sql: `ALTER SEQUENCE ${name} ${after.definition}`, hazards: [] }];
  const [first] = before.labels;
  if (first === undefined) return [];
  return after.labels.flatMap((label, i) => {
    if (before.labels.includes(label)) return [];
    const previous = after.labels[i - 1];
    const place = previous === undefined ? `BEFORE ${quoteLiteral(first)}` : `AFTER ${quoteLiteral(previous)}`;
    return [{ sql: `ALTER TYPE ${name} ADD VALUE ${quoteLiteral(label)} ${place}`, hazards: [] }];
  });
}

/** Foreign keys of all tables before the keys they refer to, then indexes, then columns. */
function dropRebuilt(rebuilds: readonly Rebuild[]): readonly SchemaStep[] {
  const constraints = rebuilds.flatMap((rebuild) => rebuild.constraints.map(({ before }) => ({ rebuild, before })));
  const dropped = [
    ...constraints.filter(({ before }) => before.kind === 'foreign-key'),
    ...constraints.filter(({ before }) => before.kind !== 'foreign-key'),
  ];
  return [
    ...dropped.map(({ rebuild, before }) => drop(kindOf(before), tableOf(rebuild), before.name)),
    ...rebuilds.flatMap((rebuild) => rebuild.indexes.map(({ before }) => drop('index', tableOf(rebuild), before.name))),
    ...rebuilds.flatMap((rebuild) => rebuild.columns.map(({ before }) => dropColumn(tableOf(rebuild), before))),
  ];
}

function drop(kind: ObjectKind, { schema, table }: SqlTableName, name: string): SchemaStep {
  return { sql: dropStatement({ kind, schema, table: kind === 'index' ? null : table, name }), hazards: [] };
}

function kindOf(constraint: SchemaConstraint): ObjectKind {
  return constraint.kind === 'exclusion' ? 'unique' : constraint.kind;
}

function columnSteps(rebuild: Rebuild, texts: ReadonlyMap<string, SchemaTable>): readonly SchemaStep[] {
  const { columns } = rebuild.table;
  const table = tableOf(rebuild);
  const qualified = texts.get(schemaTableLabel(rebuild.table.after));
  const text = (column: SchemaColumn): SchemaColumn => qualified?.columns.find(({ name }) => name === column.name) ?? column;
  const remade = rebuild.columns.map(({ after }) => after);
  const added = [...columns.adds, ...remade];
  return [
    ...added.filter(({ generated }) => generated === null).map((column) => addColumn(table, text(column))),
    ...columns.alters
      .filter(({ after }) => !remade.includes(after))
      .flatMap(({ before, after }) => alterColumn(table, before, text(after), after)),
    ...added.filter(({ generated }) => generated !== null).map((column) => addColumn(table, text(column))),
  ];
}

/** The plan's own statements make checks together with their table only. */
function addedChecks(rebuild: Rebuild, texts: ReadonlyMap<string, SchemaTable>): readonly SchemaStep[] {
  const { after, constraints } = rebuild.table;
  const qualified = texts.get(schemaTableLabel(after));
  const added = [...constraints.adds, ...rebuild.constraints.map((pair) => pair.after)].filter(({ kind }) => kind === 'check');
  return added.map(({ name, definition }) => {
    const text = qualified?.constraints.find((constraint) => constraint.name === name)?.definition ?? definition;
    return {
      sql: `ALTER TABLE ${quoteTable(tableOf(rebuild))} ADD CONSTRAINT ${quoteIdentifier(name)} ${text}`,
      hazards: [{ code: 'long-lock', message: `Reads every row while nobody can use the table; fails when one breaks ${name}.` }],
    };
  });
}

/** A statement of the plan for a table that is there: kept when it makes a key or index that is missing or was dropped above. */
function addedPart(rebuilds: readonly Rebuild[], statement: Statement): readonly SchemaStep[] {
  const rebuild = rebuilds.find(({ table }) => schemaTableLabel(table.after) === statement.table);
  if (rebuild === undefined) return [];
  const constraints = [...rebuild.table.constraints.adds, ...rebuild.constraints.map(({ after }) => after)];
  const { object, sql, hazards } = statement;
  if (object === null) {
    const isProof = constraints.some(
      ({ kind, name }) => kind === 'foreign-key' && sql.endsWith(` VALIDATE CONSTRAINT ${quoteIdentifier(name)}`),
    );
    return isProof ? [{ sql, hazards }] : [];
  }
  const indexes = [...rebuild.table.indexes.adds, ...rebuild.indexes.map(({ after }) => after)];
  const wanted =
    object.kind === 'index'
      ? indexes.some(({ name }) => name === object.name)
      : constraints.some((c) => c.kind === object.kind && c.name === object.name);
  if (!wanted) return [];
  if (object.kind === 'foreign-key' || hazards.some(({ code }) => code === 'index-build')) return [{ sql, hazards }];
  const message = `Building ${object.name} reads every row while nobody can write to the table.`;
  return [{ sql, hazards: [...hazards, { code: 'index-build', message }] }];
}

function tableOf({ table }: Rebuild): SqlTableName {
  return { schema: table.after.schema, table: table.after.name };
}
