import type { ColumnDefinition, DeferSubclause, NamedTableConstraint } from 'sqlite3-parser';
import type { CatalogCheck } from '../../model/catalog.ts';
import { parseStatement, textAt } from '../../dialect/parse-sqlite.ts';

/** What only the text of a CREATE TABLE tells. Columns are keyed by their name in lower case, as SQLite compares names. */
export interface TableDdl {
  readonly autoincrement: boolean;
  readonly collations: ReadonlyMap<string, string>;
  /** Expression of each generated column as written. */
  readonly generated: ReadonlyMap<string, string>;
  /** In the order of the text, expressions as written. */
  readonly checks: readonly CatalogCheck[];
  /** One entry per REFERENCES in the order of the text. */
  readonly deferred: readonly boolean[];
}

/** null when the text cannot be read. A table made from a SELECT is stored by SQLite as plain columns. */
export function readTableDdl(sql: string): TableDdl | null {
  const statement = parseStatement(sql);
  if (statement?.type !== 'CreateTableStmt' || statement.body.type !== 'ColumnsAndConstraintsCreateTableBody') return null;
  const ddl = { autoincrement: false, collations: new Map<string, string>(), generated: new Map<string, string>() };
  const found: DdlDraft = { ...ddl, checks: [], deferred: [] };
  for (const column of statement.body.columns) readColumn(sql, column, found);
  for (const constraint of statement.body.constraints ?? []) readConstraint(sql, constraint, found);
  return found;
}

interface DdlDraft extends TableDdl {
  autoincrement: boolean;
  readonly collations: Map<string, string>;
  readonly generated: Map<string, string>;
  readonly checks: CatalogCheck[];
  readonly deferred: boolean[];
}

function readColumn(sql: string, { colName, constraints }: ColumnDefinition, found: DdlDraft): void {
  const column = colName.text.toLowerCase();
  for (const { name, constraint } of constraints) {
    if (constraint.type === 'PrimaryKeyColumnConstraint') found.autoincrement ||= constraint.autoIncrement;
    if (constraint.type === 'CollateColumnConstraint') found.collations.set(column, constraint.collationName.text);
    if (constraint.type === 'GeneratedColumnConstraint') found.generated.set(column, textAt(sql, constraint.expr));
    if (constraint.type === 'CheckColumnConstraint')
      found.checks.push({ name: name?.text ?? null, expression: textAt(sql, constraint.expr) });
    if (constraint.type === 'ForeignKeyColumnConstraint') found.deferred.push(isDeferred(constraint.deferClause));
    // Behind a REFERENCES; it may also stand alone and then means the key before it.
    if (constraint.type === 'DeferColumnConstraint' && found.deferred.length > 0)
      found.deferred[found.deferred.length - 1] = isDeferred(constraint.clause);
  }
}

function readConstraint(sql: string, { name, constraint }: NamedTableConstraint, found: DdlDraft): void {
  if (constraint.type === 'PrimaryKeyTableConstraint') found.autoincrement ||= constraint.autoIncrement;
  if (constraint.type === 'CheckTableConstraint') found.checks.push({ name: name?.text ?? null, expression: textAt(sql, constraint.expr) });
  if (constraint.type === 'ForeignKeyTableConstraint') found.deferred.push(isDeferred(constraint.deferClause));
}

/** SQLite defers a foreign key only when the text says INITIALLY DEFERRED and not NOT DEFERRABLE. */
function isDeferred(clause: DeferSubclause | undefined): boolean {
  return clause?.deferrable === true && clause.initDeferred === 'InitiallyDeferred';
}
