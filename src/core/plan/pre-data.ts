import type { Hazard, Statement } from '../model/statement.ts';
import {
  createEnumSql,
  createExtensionSql,
  createSchemaSql,
  createSequenceSql,
  ownSequenceSql,
  restartSequenceSql,
} from '../sql/create-objects.ts';
import { createPartitionSql } from '../sql/create-partition.ts';
import { parsePgType } from '../sql/pg-type.ts';
import { createTableSql, wordsOfSql, type SqlColumn, type SqlIdentity } from '../sql/create-table.ts';
import { ddlType, enumOf, type CompileContext, type PlannedEnum } from './compile-context.ts';
import { defaultSql } from './default-sql.ts';
import { ownedColumnOf, type PlanSequence } from './owned-sequence.ts';
import { checkExpression } from './plan-object-names.ts';
import type { PlanColumn } from './plan-schema.ts';
import { fullTextsOf, resolveTableName, tableLabel, type PlannedTable } from './planned-table.ts';

/** Everything that must be there before the first row: no keys, no indexes. `tables` in the order they are made. */
export function preDataStatements(context: CompileContext, tables: readonly PlannedTable[], needsVector: boolean): readonly Statement[] {
  const sequences = context.plan.sequences.filter((sequence) => isOfThisRun(context, sequence));
  const ownSequences = sequences.filter((sequence) => ownedColumnOf(context, sequence)?.column.identity !== true);
  return [
    ...(needsVector ? [extension(context)] : []),
    ...schemas(context, tables, ownSequences),
    ...usedEnums(context)
      .filter(({ name }) => !context.existing.has(tableLabel(name)))
      .map(enumType),
    ...ownSequences.flatMap((sequence) => sequenceStatements(context, sequence)),
    ...tables.flatMap((table) => [createTable(context, table, sequences), ...createPartitions(context, table)]),
    ...ownSequences.flatMap((sequence) => ownership(context, sequence)),
  ];
}

function extension(context: CompileContext): Statement {
  return {
    ...statement(createExtensionSql('vector', context.vectorSchema), { kind: 'extension', schema: null, table: null, name: 'vector' }),
    hazards: [
      {
        code: 'needs-privilege',
        message: 'Creating the extension vector needs a superuser, unless it is there already or the server trusts it.',
      },
    ],
  };
}

function schemas(context: CompileContext, tables: readonly PlannedTable[], sequences: readonly PlanSequence[]): readonly Statement[] {
  const used = new Set([
    ...tables.map((table) => table.to.schema),
    ...usedEnums(context).map(({ name }) => name.schema),
    ...sequences.map((sequence) => resolveTableName(sequence.name, context.schema).schema),
  ]);
  used.delete('public');
  return [...used].map((schema) => statement(createSchemaSql(schema), { kind: 'schema', schema: null, table: null, name: schema }));
}

/** Enum types that a column of this run has. */
function usedEnums(context: CompileContext): readonly PlannedEnum[] {
  const used = new Set(context.tables.flatMap((table) => table.body.columns.map((column) => enumOf(context, parsePgType(column.type)))));
  return context.enums.filter((item) => used.has(item));
}

function enumType({ name, values }: PlannedEnum): Statement {
  return statement(createEnumSql(name.schema, name.table, values), { kind: 'type', schema: name.schema, table: null, name: name.table });
}

function sequenceStatements(context: CompileContext, sequence: PlanSequence): readonly Statement[] {
  const { schema, table: name } = resolveTableName(sequence.name, context.schema);
  const create = createSequenceSql(schema, name, String(sequence.start), sequence.increment);
  return [
    statement(create, { kind: 'sequence', schema, table: null, name }),
    ...(sequence.next === null ? [] : [statement(restartSequenceSql(schema, name, String(sequence.next)), null)]),
  ];
}

function ownership(context: CompileContext, sequence: PlanSequence): readonly Statement[] {
  const owner = ownedColumnOf(context, sequence);
  if (owner === null) return [];
  const { schema, table: name } = resolveTableName(sequence.name, context.schema);
  return [statement(ownSequenceSql(schema, name, owner.table.to, owner.column.to), null, owner.table.label)];
}

function createTable(context: CompileContext, table: PlannedTable, sequences: readonly PlanSequence[]): Statement {
  const names = context.namesOf(table);
  const columns = [...table.body.columns.map((column) => sqlColumn(context, table, column, sequences)), ...fullTextColumns(table)];
  const checks = table.body.checks.map((check, i) => ({ name: names.checks[i] as string, expression: checkExpression(check) }));
  const sql = createTableSql(table.to, columns, checks, table.body.partitionBy);
  const created = { kind: 'table', schema: table.to.schema, table: null, name: table.to.table } as const;
  return { ...statement(sql, created, table.label), hazards: tableHazards(context, table) };
}

/** Recorded on their own, behind their table: with thousands of them one transaction would not do. */
function createPartitions(context: CompileContext, table: PlannedTable): readonly Statement[] {
  return context.partitionsOf(table).map(({ name, bounds }) => {
    const object = { kind: 'partition', schema: table.to.schema, table: table.to.table, name } as const;
    return statement(createPartitionSql({ schema: table.to.schema, table: name }, table.to, bounds), object, table.label);
  });
}

function sqlColumn(context: CompileContext, table: PlannedTable, column: PlanColumn, sequences: readonly PlanSequence[]): SqlColumn {
  return {
    name: column.to,
    type: ddlType(context, column.type),
    nullable: column.nullable,
    default: column.default === null ? null : defaultSql(column.default),
    identity: column.identity ? identity(context, table, column, sequences) : null,
    generated: column.generated,
  };
}

/** Filled by PostgreSQL while the rows come in, so that a text with more words than a tsvector holds is one rejected row. */
function fullTextColumns({ body }: PlannedTable): readonly SqlColumn[] {
  return fullTextsOf(body).map(({ column, from, config }) => {
    const texts = from.map((name) => {
      const type = body.columns.find(({ to }) => to === name)?.type ?? 'text';
      return { name, isText: ['text', 'varchar'].includes(parsePgType(type).name) };
    });
    return { name: column, type: 'tsvector', nullable: true, default: null, identity: null, generated: wordsOfSql(config, texts) };
  });
}

function identity(context: CompileContext, table: PlannedTable, column: PlanColumn, sequences: readonly PlanSequence[]): SqlIdentity {
  const own = sequences.find((sequence) => {
    const owner = ownedColumnOf(context, sequence);
    return owner?.table === table && owner.column === column;
  });
  if (own === undefined) return { sequence: null };
  const { schema, table: name } = resolveTableName(own.name, context.schema);
  return { sequence: { schema, name, start: String(own.start), increment: own.increment } };
}

function tableHazards(context: CompileContext, table: PlannedTable): readonly Hazard[] {
  const keys = context.foreignKeysOf(table).flatMap((key) => (key.hazard === null ? [] : [key.hazard]));
  const losses = table.body.columns
    .filter((column) => column.loss === 'rounded' || column.loss === 'lossy')
    .map((column): Hazard => ({
      code: 'lossy',
      message: `Values of ${column.to} are ${column.loss === 'rounded' ? 'rounded' : 'changed'} to fit ${column.type}.`,
    }));
  return [...keys, ...losses, ...partitionHazards(context, table)];
}

/** Without the rows nobody knows which partitions there will be. */
function partitionHazards(context: CompileContext, table: PlannedTable): readonly Hazard[] {
  const { partitionBy } = table.body;
  if (partitionBy?.strategy !== 'range' || context.partitionsOf(table).some(({ bounds }) => bounds.kind === 'range')) return [];
  if (table.load === null) return [];
  const each = `one for each ${partitionBy.every} of ${partitionBy.column}`;
  return [
    {
      code: 'partitions-by-data',
      message: `A run makes the partitions of ${table.label}, ${each}, from the smallest value of the source to the largest.`,
    },
  ];
}

function isOfThisRun(context: CompileContext, sequence: PlanSequence): boolean {
  if (context.existing.has(tableLabel(resolveTableName(sequence.name, context.schema)))) return false;
  if (sequence.ownedBy === null) return true;
  const owner = tableLabel(resolveTableName(sequence.ownedBy.table, context.schema));
  return context.tables.some((table) => table.label === owner && !context.existing.has(owner));
}

function statement(sql: string, object: Statement['object'], table: string | null = null): Statement {
  return { section: 'pre-data', sql, object, table, hazards: [] };
}
