import type { PgType } from '../../model/pg-type.ts';
import { maxVectorDimensions } from '../../model/vector-limits.ts';
import { isBuiltInType, tryParsePgType } from '../../sql/pg-type.ts';
import { identifierFault } from '../../sql/quote.ts';
import { extensionTypes, vectorTypes } from '../../sql/type-names.ts';
import { converterNames, isConverterName } from '../converter-names.ts';
import { errorAt, warningAt, type FoundProblem } from '../plan-problem.ts';
import type { Plan, PlanColumn, PlanConverter, PlanConverterRule } from '../plan-schema.ts';
import { fullTextsOf, plannedTables, type PlannedTable } from '../planned-table.ts';
import { unacceptedLosses } from '../unaccepted-losses.ts';

/** Each column by itself: its name, type, converter, and what excludes what. */
export function checkColumns(plan: Plan): readonly FoundProblem[] {
  const tables = plannedTables(plan, plan.target.schema);
  return [
    ...tables.flatMap((table) => checkTableColumns(plan, table)),
    // A run refuses these (exit 1); the plan itself is in order.
    ...unacceptedLosses(tables).map(({ path, message }) => warningAt(`${message}: say "accept": true, or choose a wider type.`, path)),
  ];
}

function checkTableColumns(plan: Plan, table: PlannedTable): readonly FoundProblem[] {
  const seen = new Set<string>();
  const count = table.body.columns.length + fullTextsOf(table.body).length;
  if (count > maxColumns) {
    const advice = 'split it into several tables with the same key, or leave columns out';
    return [warningAt(`${table.label} has ${count} columns and PostgreSQL allows ${maxColumns}: ${advice}.`, [...table.path, 'columns'])];
  }
  return table.body.columns.flatMap((column, i) => {
    const path = [...table.path, 'columns', i];
    const twice = seen.has(column.to) ? [errorAt(`${table.label} has two columns "${column.to}".`, [...path, 'to'])] : [];
    seen.add(column.to);
    return [
      ...twice,
      ...checkName(column, path),
      ...checkType(plan, column, path),
      ...checkConverter(column, path),
      ...checkExclusions(table, column, path),
    ];
  });
}

type Path = FoundProblem['path'];

/** https://www.postgresql.org/docs/current/limits.html */
const maxColumns = 1_600;

/** Columns that every table of PostgreSQL has. */
const systemColumns: ReadonlySet<string> = new Set(['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid']);

function checkName({ to }: PlanColumn, path: Path): readonly FoundProblem[] {
  const fault = identifierFault(to) ?? (systemColumns.has(to) ? 'it is the name of a system column' : null);
  return fault === null ? [] : [errorAt(`The column name "${to}" cannot be used in PostgreSQL: ${fault}.`, [...path, 'to'])];
}

function checkType(plan: Plan, column: PlanColumn, path: Path): readonly FoundProblem[] {
  const at = [...path, 'type'];
  const type = tryParsePgType(column.type);
  if (type === null) return [errorAt(`"${column.type}" is not a PostgreSQL type.`, at)];
  if (/^(?:small|big)?serial[248]?$/.test(type.name)) return [errorAt(`Use bigint with "identity": true instead of ${type.name}.`, at)];
  if (column.identity && !integers.has(column.type.toLowerCase()) && !integers.has(type.name)) {
    return [errorAt(`An identity column must be smallint, integer or bigint, not ${column.type}.`, at)];
  }
  return [...checkKnown(plan, type, at), ...checkModifiers(column, type, at)];
}

const integers: ReadonlySet<string> = new Set(['smallint', 'integer', 'bigint']);

function checkKnown(plan: Plan, type: PgType, at: Path): readonly FoundProblem[] {
  const known =
    isBuiltInType(type) ||
    extensionTypes.has(type.name) ||
    type.schema !== null ||
    plan.enums.some(({ name }) => (typeof name === 'string' ? name : name.table) === type.name);
  return known
    ? []
    : [warningAt(`"${type.name}" is neither a built-in type nor an enum of this plan; it must be there before the run.`, at)];
}

function checkModifiers(column: PlanColumn, type: PgType, at: Path): readonly FoundProblem[] {
  const [first, second] = type.modifiers;
  if (vectorTypes.has(type.name)) return checkDimensions(column, type, at);
  if (type.name === 'numeric' && first !== undefined && (first < 1 || first > 1000))
    return [errorAt('The precision of numeric is between 1 and 1000.', at)];
  if (type.name === 'numeric' && second !== undefined && (second < -1000 || second > 1000))
    return [errorAt('The scale of numeric is between -1000 and 1000.', at)];
  const isLength = type.name === 'varchar' || type.name === 'char';
  return isLength && first !== undefined && (first < 1 || first > 10_485_760)
    ? [errorAt(`The length of ${type.name} is between 1 and 10485760.`, at)]
    : [];
}

function checkDimensions(column: PlanColumn, type: PgType, at: Path): readonly FoundProblem[] {
  const dimensions = type.modifiers[0];
  // V04: a column that mixes models.
  if (dimensions === undefined)
    return [warningAt(`${column.to} may have other dimensions in each row; ${type.name}(384) for example takes only those of 384.`, at)];
  if (type.name === 'sparsevec' || (dimensions >= 1 && dimensions <= maxVectorDimensions)) return [];
  const instead = dimensions < 1 ? '' : ' Type real[] keeps every number, without a search for neighbours.';
  return [errorAt(`${type.name} has 1 to ${maxVectorDimensions} dimensions, and pgvector stores no more.${instead}`, at)];
}

function checkConverter(column: PlanColumn, path: Path): readonly FoundProblem[] {
  const at = [...path, 'convert'];
  if (column.convert === null) return [];
  if (!Array.isArray(column.convert)) return checkConverterName(column.convert, at);
  return column.convert.flatMap((rule, i) => [
    ...checkConverterName(rule.convert, [...at, i, 'convert']),
    ...checkBounds(rule, [...at, i]),
  ]);
}

function checkConverterName(convert: PlanConverter, at: Path): readonly FoundProblem[] {
  const name = typeof convert === 'string' ? convert : convert.name;
  return isConverterName(name) ? [] : [errorAt(`There is no converter "${name}"; there are ${converterNames.join(', ')}.`, at)];
}

function checkBounds({ when, min, max }: PlanConverterRule, path: Path): readonly FoundProblem[] {
  const bounded = min !== undefined ? 'min' : max !== undefined ? 'max' : null;
  if (bounded === null || when === 'integer' || when === 'real' || when === 'number') return [];
  return [errorAt(`"${bounded}" is for numbers; say "when": "integer", "real" or "number".`, [...path, bounded])];
}

function checkExclusions(table: PlannedTable, column: PlanColumn, path: Path): readonly FoundProblem[] {
  const problems: FoundProblem[] = [];
  if (column.identity && column.default !== null)
    problems.push(errorAt('An identity column has no default of its own.', [...path, 'default']));
  if (column.generated !== null && column.default !== null)
    problems.push(errorAt('A generated column has no default.', [...path, 'default']));
  if (column.generated !== null && column.identity)
    problems.push(errorAt('A generated column cannot be an identity column.', [...path, 'identity']));
  if (column.from !== null && table.load === null)
    problems.push(errorAt('A table that only the target has reads nothing from a source.', [...path, 'from']));
  if (neverFilled(table, column)) {
    problems.push(
      warningAt(`"${column.to}" is never NULL, but has neither a source column nor a default: every row would be refused.`, [
        ...path,
        'nullable',
      ]),
    );
  }
  return problems;
}

function neverFilled({ load }: PlannedTable, column: PlanColumn): boolean {
  if (load === null || column.nullable) return false;
  return !(column.from !== null || column.default !== null || column.identity || column.generated !== null);
}
