import { MigrationError } from '../errors.ts';
import type { ColumnConversion, ConverterRule, ConverterSpec } from '../model/type-mapping.ts';
import { parsePgType } from '../sql/pg-type.ts';
import { vectorTypes } from '../sql/type-names.ts';
import { enumOf, type CompileContext } from './compile-context.ts';
import type { CompiledTable, TableWatermark } from './compiled-plan.ts';
import { isConverterName } from './converter-names.ts';
import { ownedColumnOf } from './owned-sequence.ts';
import type { PlanColumn, PlanConverter, PlanTable } from './plan-schema.ts';
import { uniqueColumns } from './plan-object-names.ts';
import type { PlannedTable } from './planned-table.ts';
import { seedKeys } from './seed-rows.ts';

/** What a worker needs to load and verify one table. `load.from` and the columns' `from` are names of the source by now. */
export function compileTable(context: CompileContext, table: PlannedTable, load: PlanTable): CompiledTable {
  const [columns, computed] = [false, true].map((generated) =>
    load.columns.flatMap((column) => {
      const compiled = (column.generated !== null) === generated ? conversion(context, table, column) : null;
      return compiled === null ? [] : [compiled];
    }),
  ) as [ColumnConversion[], ColumnConversion[]];
  const { nulBytes, invalidText, emptyText, assumeTimeZone } = context.plan.options;
  const seeds = context.existing.has(table.label) ? null : seedKeys(context, table);
  const watermark = watermarkOf(context, load, columns);
  return {
    source: load.source,
    from: load.from as string,
    to: table.to,
    label: table.label,
    columns,
    ...(computed.length === 0 ? {} : { computed }),
    key: matchKey(load, columns),
    options: { nulBytes, invalidText, emptyText, assumeTimeZone },
    identities: identitiesOf(context, table),
    ...(table.body.partitionBy === null ? {} : { partitioned: true }),
    ...(seeds === null ? {} : { seeds }),
    ...(watermark === null ? {} : { watermark }),
    foreignKeys: context
      .foreignKeysOf(table)
      .filter((key) => key.parentThere)
      .map(({ key, name, to }) => ({ ...key, name, to })),
  };
}

function conversion(context: CompileContext, table: PlannedTable, column: PlanColumn): ColumnConversion | null {
  if (typeof column.from !== 'string') return null;
  const { options } = context.plan;
  const type = parsePgType(column.type);
  return {
    from: column.from,
    to: column.to,
    type,
    nullable: column.nullable && !column.identity && !table.body.primaryKey.includes(column.to),
    ...converters(table, column),
    ...(column.nullTokens === null || column.nullTokens.length === 0 ? {} : { nullTokens: column.nullTokens }),
    emptyIsNull: options.emptyText === 'null' && !(keepsEmpty.has(type.name) && type.arrayDepth === 0) && enumOf(context, type) === null,
    // Embeddings are float32 where they come from: rounding them is accepted without a word in the plan, and counted.
    mayRound: column.loss === 'rounded' || column.loss === 'lossy' || vectorTypes.has(type.name),
  };
}

/** Types in which an empty text is a value of its own. */
const keepsEmpty: ReadonlySet<string> = new Set(['text', 'varchar', 'char', 'bpchar', 'name', 'citext', 'bytea']);

function converters(table: PlannedTable, column: PlanColumn): Pick<ColumnConversion, 'convert' | 'rules'> {
  const { convert } = column;
  if (convert === null) return { convert: { name: 'auto' } };
  if (!Array.isArray(convert)) return { convert: converter(table, column, convert) };
  const rules = convert.map((rule): ConverterRule => ({
    when: rule.when,
    min: bound(rule.min),
    max: bound(rule.max),
    convert: converter(table, column, rule.convert),
  }));
  return { convert: { name: 'auto' }, rules };
}

function bound(value: number | string | undefined): bigint | number | null {
  return typeof value === 'string' ? BigInt(value) : (value ?? null);
}

function converter(table: PlannedTable, column: PlanColumn, convert: PlanConverter): ConverterSpec {
  const given = typeof convert === 'string' ? { name: convert, args: {} } : convert;
  if (!isConverterName(given.name)) {
    throw new MigrationError('unsupported-plan-feature', {
      context: {
        table: table.label,
        column: column.to,
        feature: 'convert',
        detail: `column ${column.to} wants the converter ${given.name}`,
      },
    });
  }
  const args = Object.entries(given.args).filter((entry): entry is [string, string | number | boolean] => isPlain(entry[1]));
  return args.length === 0 ? { name: given.name } : { name: given.name, args: Object.fromEntries(args) };
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Rows are matched by the primary key, else by the first unique key that is never NULL, when all of its columns come from the source. */
function matchKey(load: PlanTable, columns: readonly ColumnConversion[]): readonly number[] {
  for (const key of [load.primaryKey, ...load.uniques.map(uniqueColumns)]) {
    const positions = key.map((name) => columns.findIndex((column) => column.to === name));
    const usable = positions.length > 0 && positions.every((position) => columns[position]?.nullable === false);
    if (usable) return positions;
  }
  return [];
}

/** null where new rows are found by their hashes alone. */
function watermarkOf({ plan }: CompileContext, { incremental }: PlanTable, columns: readonly ColumnConversion[]): TableWatermark | null {
  if (plan.options.mode !== 'sync' || incremental?.by !== 'watermark') return null;
  const column = columns.find(({ to }) => to === incremental.column);
  if (column === undefined) return null;
  const { from, to, type, emptyIsNull, nullTokens = [] } = column;
  const digits = type.arrayDepth === 0 && numberTypes.has(type.name);
  return { column: from, to, rule: { digits, nullTexts: [...nullTokens, ...(emptyIsNull ? [''] : [])] } };
}

const numberTypes: ReadonlySet<string> = new Set(['smallint', 'integer', 'bigint', 'numeric']);

/** Columns that the target numbers by itself; their sequence must stand behind the ids that were kept. */
export function identitiesOf(context: CompileContext, table: PlannedTable): CompiledTable['identities'] {
  const owned = context.plan.sequences.filter((sequence) => ownedColumnOf(context, sequence)?.table === table);
  return table.body.columns.flatMap((column) => {
    const sequence = owned.find((candidate) => candidate.ownedBy?.column === column.to);
    if (!column.identity && sequence === undefined) return [];
    const next = sequence?.next ?? null;
    return [{ column: column.to, next: next === null ? null : String(next) }];
  });
}
