import type { CreatedObject, ObjectKind, Statement, UniqueRule } from '../model/statement.ts';
import { addForeignKeySql, addPrimaryKeySql, addUniqueSql, validateConstraintSql } from '../sql/constraints.ts';
import { createIndexSql, indexTermSql, type SqlIndexPart } from '../sql/create-index.ts';
import { commentOnTableSql } from '../sql/create-objects.ts';
import { readVectorExpression, vectorExpressionSql } from '../sql/vector-expression.ts';
import type { CompileContext } from './compile-context.ts';
import { isVectorIndex, opclassName } from './opclass-name.ts';
import { uniqueColumns } from './plan-object-names.ts';
import type { PlanForeignKey, PlanIndex } from './plan-schema.ts';
import { fullTextsOf, tableLabel, type PlannedTable } from './planned-table.ts';
import { seedStatements } from './seed-rows.ts';
import { vectorHazards, vectorIndexBuild, writtenOptions } from './vector-index-build.ts';

/** Everything that is cheaper or only possible once the rows are in: keys, indexes, seed rows, vector indexes, foreign keys, comments, in that order. */
export function postDataStatements(context: CompileContext, tables: readonly PlannedTable[]): readonly Statement[] {
  return [
    ...tables.flatMap((table) => primaryKey(context, table)),
    ...tables.flatMap((table) => uniques(context, table)),
    ...tables.flatMap((table) => indexes(context, table, false)),
    ...tables.flatMap((table) => seedStatements(context, table)),
    ...tables.flatMap((table) => fullTextIndexes(context, table)),
    ...tables.flatMap((table) => indexes(context, table, true)),
    ...tables.flatMap((table) => foreignKeys(context, table)),
    ...tables.flatMap((table) => validations(context, table)),
    ...tables.flatMap(comment),
  ];
}

function primaryKey(context: CompileContext, table: PlannedTable): readonly Statement[] {
  if (table.body.primaryKey.length === 0) return [];
  const name = context.namesOf(table).primaryKey;
  const made = statement(table, addPrimaryKeySql(table.to, name, table.body.primaryKey), part(table, 'primary-key', name));
  return [{ ...made, unique: uniqueColumnsRule(name, table.body.primaryKey) }];
}

function uniques(context: CompileContext, table: PlannedTable): readonly Statement[] {
  return table.body.uniques.map((unique, i) => {
    const name = context.namesOf(table).uniques[i] as string;
    const made = statement(table, addUniqueSql(table.to, name, uniqueColumns(unique)), part(table, 'unique', name));
    return { ...made, unique: uniqueColumnsRule(name, uniqueColumns(unique)) };
  });
}

function indexes(context: CompileContext, table: PlannedTable, ofVectors: boolean): readonly Statement[] {
  const named = table.body.indexes.map((index, i) => ({ index, name: context.namesOf(table).indexes[i] as string }));
  return named.filter(({ index }) => isVectorIndex(index) === ofVectors).map(({ index, name }) => createIndex(context, table, index, name));
}

function createIndex(context: CompileContext, table: PlannedTable, index: PlanIndex, name: string): Statement {
  const parts = indexParts(context, index);
  const described = { name, unique: index.unique, method: index.method, parts, where: index.where, with: writtenOptions(index) };
  const object: CreatedObject = { kind: 'index', schema: table.to.schema, table: null, name };
  const unique = index.unique ? { unique: uniqueRule(name, parts, index.where) } : {};
  const made = { ...statement(table, createIndexSql(table.to, described), object), ...unique };
  if (!isVectorIndex(index)) return made;
  const vectorIndex = vectorIndexBuild(table, index, described);
  return { ...made, hazards: vectorHazards(name, index), ...(vectorIndex === null ? {} : { vectorIndex }) };
}

function indexParts(context: CompileContext, index: PlanIndex): readonly SqlIndexPart[] {
  const opclass = (name: string | null): SqlIndexPart['opclass'] => (name === null ? null : opclassName(name, context.vectorSchema));
  const plain = { column: null, expression: null, descending: false, nullsFirst: null, collation: null, opclass: opclass(index.opclass) };
  const columns = index.columns.map((column): SqlIndexPart => {
    if (typeof column === 'string') return { ...plain, column };
    return {
      column: 'column' in column ? column.column : null,
      expression: 'expression' in column ? qualified(context, column.expression) : null,
      descending: column.descending,
      nullsFirst: column.nullsFirst ?? null,
      collation: column.collation ?? null,
      opclass: opclass(column.opclass ?? index.opclass),
    };
  });
  return index.expression === null ? columns : [...columns, { ...plain, expression: qualified(context, index.expression) }];
}

/** pgvector's types and functions with their schema, where it is not the one that every session looks in; other expressions as they are. */
function qualified({ vectorSchema }: CompileContext, expression: string): string {
  const known = vectorSchema === 'public' ? null : readVectorExpression(expression);
  return known === null ? expression : vectorExpressionSql(known, vectorSchema);
}

function fullTextIndexes(context: CompileContext, table: PlannedTable): readonly Statement[] {
  return fullTextsOf(table.body).map(({ column }, i) => {
    const name = context.namesOf(table).fullTexts[i] as string;
    const parts = [{ column, expression: null, descending: false, nullsFirst: null, collation: null, opclass: null }];
    const sql = createIndexSql(table.to, { name, unique: false, method: 'gin', parts, where: null, with: {} });
    return statement(table, sql, { kind: 'index', schema: table.to.schema, table: null, name });
  });
}

function uniqueColumnsRule(name: string, columns: readonly string[]): UniqueRule {
  return uniqueRule(
    name,
    columns.map((column) => ({ column, expression: null, collation: null })),
    null,
  );
}

type Term = Pick<SqlIndexPart, 'column' | 'expression' | 'collation'>;

function uniqueRule(name: string, terms: readonly Term[], where: string | null): UniqueRule {
  return { name, terms: terms.map(indexTermSql), where, column: terms.length === 1 ? (terms[0]?.column ?? null) : null };
}

/** PostgreSQL proves a key of a partitioned table at once or does not make it; others are added first and proved later. */
function foreignKeys(context: CompileContext, table: PlannedTable): readonly Statement[] {
  const atOnce = table.body.partitionBy !== null;
  return enforced(context, table).map(({ key, name, to }) => {
    const sql = addForeignKeySql(table.to, { ...key, name, references: to }, atOnce ? 'validated' : 'not valid');
    const made = statement(table, sql, part(table, 'foreign-key', name));
    return atOnce
      ? withOrphanHazard(made, key, `${name} is not created when rows of ${table.label} have no parent in ${tableLabel(to)}.`)
      : made;
  });
}

/** Own statements, so that a key with orphans can stay NOT VALID while the others are proved. */
function validations(context: CompileContext, table: PlannedTable): readonly Statement[] {
  if (table.body.partitionBy !== null) return [];
  return enforced(context, table).map(({ key, name, to }) => {
    const validation = statement(table, validateConstraintSql(table.to, name), null);
    return withOrphanHazard(validation, key, `${name} stays NOT VALID when rows of ${table.label} have no parent in ${tableLabel(to)}.`);
  });
}

function withOrphanHazard(made: Statement, key: PlanForeignKey, message: string): Statement {
  return key.orphans === 'quarantine' ? made : { ...made, hazards: [{ code: 'not-enforced', message }] };
}

function enforced(context: CompileContext, table: PlannedTable): ReturnType<CompileContext['foreignKeysOf']> {
  return context.foreignKeysOf(table).filter((key) => key.hazard === null);
}

function comment(table: PlannedTable): readonly Statement[] {
  return table.body.comment === null ? [] : [statement(table, commentOnTableSql(table.to, table.body.comment), null)];
}

function part(table: PlannedTable, kind: ObjectKind, name: string): CreatedObject {
  return { kind, schema: table.to.schema, table: table.to.table, name };
}

function statement(table: PlannedTable, sql: string, object: CreatedObject | null): Statement {
  return { section: 'post-data', sql, object, table: table.label, hazards: [] };
}
