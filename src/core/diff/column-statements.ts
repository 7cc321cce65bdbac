import type { SchemaStep } from '../model/schema-diff.ts';
import type { SchemaColumn } from '../model/schema-snapshot.ts';
import type { Hazard } from '../model/statement.ts';
import { qualifiedName, quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { quoteTable, type SqlTableName } from '../sql/table-name.ts';
import { isNarrowing } from './is-narrowing.ts';
import { columnDefinition, columnType } from './render-ddl.ts';

/** `after`: as planned, its texts qualified so that they mean the same under any search path. */
export function addColumn(table: SqlTableName, after: SchemaColumn): SchemaStep {
  const hazards: Hazard[] = [];
  const filled = after.default !== null || after.identity !== null || after.generated !== null;
  if (!after.nullable && !filled) hazards.push(lock(`Fails when the table has rows: ${after.name} may not be NULL and has no default.`));
  if (after.identity !== null || after.generated !== null) hazards.push(rewrite(after.name));
  return { sql: `${alterTable(table)} ADD COLUMN ${quoteIdentifier(after.name)} ${columnDefinition(after)}`, hazards };
}

/** A column that is generated in the plan is dropped and added again elsewhere; this is for all others. */
export function alterColumn(table: SqlTableName, before: SchemaColumn, after: SchemaColumn, planned: SchemaColumn): readonly SchemaStep[] {
  const column = `${alterTable(table)} ALTER COLUMN ${quoteIdentifier(after.name)}`;
  const typed = columnType(before) !== columnType(planned);
  const defaulted = before.default !== planned.default;
  const dropped = before.default !== null && (typed || defaulted);
  const steps: SchemaStep[] = [];
  if (before.generated !== null) steps.push(step(`${column} DROP EXPRESSION`));
  if (dropped) steps.push(step(`${column} DROP DEFAULT`));
  if (before.identity !== null && planned.identity === null) steps.push(step(`${column} DROP IDENTITY`));
  if (typed) steps.push(changeType(column, before, after, planned));
  if (before.nullable && !planned.nullable) steps.push(setNotNull(column, after.name));
  if (!before.nullable && planned.nullable) steps.push(step(`${column} DROP NOT NULL`));
  if (after.default !== null && (dropped || defaulted)) steps.push(step(`${column} SET DEFAULT ${after.default}`));
  return [...steps, ...alterIdentity(table, column, before, planned)];
}

export function dropColumn(table: SqlTableName, before: SchemaColumn): SchemaStep {
  const hazards: Hazard[] =
    before.generated === null
      ? [{ code: 'destructive', message: `The values of ${before.name} are gone: the plan computes them from other columns.` }]
      : [];
  return { sql: `${alterTable(table)} DROP COLUMN ${quoteIdentifier(before.name)}`, hazards };
}

function changeType(column: string, before: SchemaColumn, after: SchemaColumn, planned: SchemaColumn): SchemaStep {
  const collate = before.collation !== null && after.collation === null ? ' COLLATE "default"' : '';
  const narrowing: Hazard = {
    code: 'lossy',
    message: `Values of ${after.name} that do not fit ${planned.type} stop the statement, or are changed to fit.`,
  };
  return {
    sql: `${column} TYPE ${columnType(after)}${collate} USING ${quoteIdentifier(after.name)}::${after.type}`,
    hazards: [rewrite(after.name), ...(isNarrowing(before.type, planned.type) ? [narrowing] : [])],
  };
}

function setNotNull(column: string, name: string): SchemaStep {
  return {
    sql: `${column} SET NOT NULL`,
    hazards: [lock(`Reads every row while nobody can use the table; fails when ${name} is NULL anywhere.`)],
  };
}

/** The numbers of a new identity go on behind those that are there. */
function alterIdentity(table: SqlTableName, column: string, before: SchemaColumn, planned: SchemaColumn): readonly SchemaStep[] {
  if (planned.identity === null || before.identity === planned.identity) return [];
  if (before.identity !== null) return [step(`${column} SET GENERATED ${planned.identity.toUpperCase()}`)];
  const name = quoteTable(table);
  const sequence = `pg_get_serial_sequence(${quoteLiteral(name)}, ${quoteLiteral(planned.name)})`;
  const { sequence: old } = before;
  return [
    ...(old === null ? [] : [step(`ALTER SEQUENCE ${qualifiedName(old.schema, old.name)} OWNED BY NONE`)]),
    step(`${column} ADD GENERATED ${planned.identity.toUpperCase()} AS IDENTITY`),
    step(`SELECT setval(${sequence}, coalesce((SELECT max(${quoteIdentifier(planned.name)}) + 1 FROM ${name}), 1), false)`),
  ];
}

function alterTable(table: SqlTableName): string {
  return `ALTER TABLE ${quoteTable(table)}`;
}

function step(sql: string): SchemaStep {
  return { sql, hazards: [] };
}

function lock(message: string): Hazard {
  return { code: 'long-lock', message };
}

function rewrite(column: string): Hazard {
  return lock(`Writes the whole table anew for ${column}; nobody can use it meanwhile.`);
}
