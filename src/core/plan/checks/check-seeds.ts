import { chooseFieldEncoder } from '../../mapping/converters/choose-field-encoder.ts';
import type { PgType } from '../../model/pg-type.ts';
import type { SourceValue } from '../../model/source-value.ts';
import type { ColumnConversion, ConvertOptions } from '../../model/type-mapping.ts';
import { isBuiltInType, tryParsePgType } from '../../sql/pg-type.ts';
import type { JsonValue } from '../../sql/seed-row.ts';
import { vectorTypes } from '../../sql/type-names.ts';
import { ByteWriter } from '../../tuple/byte-writer.ts';
import { errorAt, type FoundProblem } from '../plan-problem.ts';
import type { Plan, PlanColumn } from '../plan-schema.ts';
import { fullTextsOf, plannedTables, type PlannedTable } from '../planned-table.ts';
import { seedForm, seedKey } from '../seed-rows.ts';

type Path = FoundProblem['path'];

/** Seed rows: columns that are there, values that fit them, and a key by which they are told from rows of the source. */
export function checkSeeds(plan: Plan): readonly FoundProblem[] {
  return plannedTables(plan, plan.target.schema).flatMap((table) =>
    table.body.seed.length === 0
      ? []
      : [
          ...table.body.seed.flatMap((row, i) => checkRow(plan, table, row as Record<string, JsonValue>, [...table.path, 'seed', i])),
          ...checkNumbered(table),
          ...checkSeedKey(table),
        ],
  );
}

function checkRow(plan: Plan, table: PlannedTable, row: Record<string, JsonValue>, path: Path): readonly FoundProblem[] {
  const columns = new Map(table.body.columns.map((column) => [column.to, column]));
  const found = Object.entries(row).flatMap(([name, value]) => {
    const column = columns.get(name);
    const isComputed = fullTextsOf(table.body).some((fullText) => fullText.column === name) || (column?.generated ?? null) !== null;
    if (isComputed) return [errorAt(`"${name}" is computed by PostgreSQL.`, [...path, name])];
    if (column === undefined) return [errorAt(`${table.label} has no column "${name}".`, [...path, name])];
    const fault = valueFault(plan, table, column, value);
    return fault === null ? [] : [errorAt(`"${name}" is ${column.type}: ${fault}.`, [...path, name])];
  });
  const missing = table.body.columns.filter((column) => isNeeded(table, column) && !Object.hasOwn(row, column.to));
  return [...found, ...missing.map(({ to }) => errorAt(`"${to}" is never NULL and has no default, so a seed row needs it.`, path))];
}

function isNeeded(table: PlannedTable, column: PlanColumn): boolean {
  return isNotNull(table, column) && column.default === null && !column.identity && column.generated === null;
}

function isNotNull({ body }: PlannedTable, { to, nullable, identity }: PlanColumn): boolean {
  return !nullable || identity || body.primaryKey.includes(to);
}

/** Why a value is none of the column's type, as far as that is known without a server. */
function valueFault(plan: Plan, table: PlannedTable, column: PlanColumn, value: JsonValue): string | null {
  const type = tryParsePgType(column.type);
  if (type === null) return null;
  if (value === null) return isNotNull(table, column) ? 'it is never NULL' : null;
  if (seedForm(type) === 'json') return null;
  const labels = plan.enums.find(({ name }) => (typeof name === 'string' ? name : name.table) === type.name)?.values;
  if (labels !== undefined && type.arrayDepth === 0) return labels.includes(value as string) ? null : `it is one of ${labels.join(', ')}`;
  if (type.arrayDepth > 0) return arrayFault(plan, table, column, value);
  if (typeof value === 'object' && !vectorTypes.has(type.name)) return 'it takes no list or object';
  if (type.name === 'bytea') return isHex(value) ? null : 'bytes are written as "\\\\x" and hexadecimal digits';
  return scalarFault(column, type, value);
}

/** A text is taken as PostgreSQL writes arrays; elements of a list are looked at one by one. */
function arrayFault(plan: Plan, table: PlannedTable, column: PlanColumn, value: JsonValue): string | null {
  if (typeof value === 'string') return null;
  if (!Array.isArray(value)) return 'it takes a list';
  const element = { ...column, nullable: true, identity: false, type: column.type.replace(/\s*\[\s*\d*\s*\]$/, '') };
  const own = { ...table, body: { ...table.body, primaryKey: [] } };
  for (const item of value as readonly JsonValue[]) {
    const fault = valueFault(plan, own, element, item);
    if (fault !== null) return fault;
  }
  return null;
}

/** The words of the load, which knows what fits; what PostgreSQL alone can read is left to it. */
function scalarFault(column: PlanColumn, type: PgType, value: JsonValue): string | null {
  if (!known.has(type.name) || !(isBuiltInType(type) || vectorTypes.has(type.name))) return null;
  const mayRound = type.name === 'real' || vectorTypes.has(type.name);
  let rounded = false;
  const conversion: ColumnConversion = {
    from: '',
    to: column.to,
    type,
    nullable: true,
    convert: { name: 'auto' },
    emptyIsNull: false,
    mayRound,
  };
  const encode = chooseFieldEncoder({ column: conversion, options, count: (change) => (rounded ||= change === 'rounded') });
  const fault = encode(toSourceValue(value, type), new ByteWriter());
  if (fault !== null) return fault.message;
  return rounded && !mayRound ? 'the value would be rounded' : null;
}

/** Types that the load reads as PostgreSQL does. */
const known: ReadonlySet<string> = new Set([
  ...['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision', 'boolean', 'text', 'varchar', 'char', 'bpchar'],
  ...['uuid', 'date', 'timestamp', 'timestamptz', 'time', 'vector', 'halfvec'],
]);

const options: ConvertOptions = { nulBytes: 'reject', invalidText: 'reject', emptyText: 'keep', assumeTimeZone: 'UTC' };

function toSourceValue(value: JsonValue, type: PgType): Exclude<SourceValue, null> & (string | number | bigint | boolean) {
  if (typeof value === 'object') return JSON.stringify(value);
  return typeof value === 'number' && Number.isInteger(value) && !vectorTypes.has(type.name) ? BigInt(value) : value;
}

function isHex(value: JsonValue): boolean {
  return typeof value === 'string' && /^\\x(?:[\da-f]{2})*$/i.test(value);
}

/** PostgreSQL numbers the others from where it stands, and could come upon a number that a row gives. */
function checkNumbered({ body, path }: PlannedTable): readonly FoundProblem[] {
  return body.columns.flatMap(({ to, identity }) => {
    const given = body.seed.map((row) => Object.hasOwn(row, to));
    if (!identity || new Set(given).size < 2) return [];
    return [errorAt(`"${to}" numbers the rows: give it in all seed rows or in none.`, [...path, 'seed', given.indexOf(false)])];
  });
}

/** Rows of a table without a source are not compared with anything; but no key is given twice. */
function checkSeedKey(table: PlannedTable): readonly FoundProblem[] {
  const key = seedKey(table.body);
  const path = [...table.path, 'seed'];
  if (key === null) {
    const advice = 'give each of them every column of the primary key or of one unique key';
    return table.load === null ? [] : [errorAt(`Seed rows of ${table.label} cannot be told from rows of the source: ${advice}.`, path)];
  }
  const seen = new Set<string>();
  return table.body.seed.flatMap((row, i) => {
    const text = JSON.stringify(key.map((name) => row[name]));
    const twice = seen.has(text);
    seen.add(text);
    return twice ? [errorAt(`Another seed row has this key (${key.join(', ')}) already.`, [...path, i])] : [];
  });
}
