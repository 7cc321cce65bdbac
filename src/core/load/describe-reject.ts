import type { MigrationError } from '../errors.ts';
import { cellText } from '../model/cell-text.ts';
import type { Provenance } from '../model/row-batch.ts';
import type { UniqueRule } from '../model/statement.ts';
import { InvalidText, UnreadableRecord, type SourceValue } from '../model/source-value.ts';
import type { ColumnConversion, ConversionFailure, RejectCode } from '../model/type-mapping.ts';
import { realText, sourceCell } from '../sources/shared/source-cell.ts';
import type { CompiledKey } from '../plan/compiled-keys.ts';
import type { RejectRecord } from '../state/reject-store.ts';

/** A row as the source has it, with its place. */
export interface RejectedRow {
  readonly provenance: Provenance;
  readonly values: readonly SourceValue[];
  readonly columns: readonly ColumnConversion[];
}

/** The reject of a row with a value that cannot be converted. */
export function conversionReject(failure: ConversionFailure, row: RejectedRow, redactValues: boolean): RejectRecord {
  // Of a document that cannot be read there is no value.
  const isBare = redactValues || failure.code === 'unreadable-document';
  return { ...failure, provenance: row.provenance, value: isBare ? null : originalOf(row, failure.column) };
}

/**
 * The reject of a row that was converted and that PostgreSQL does not take: with the value of the column that it names, else with the whole row in
 * words. What PostgreSQL says may quote values, so a redacted message names the rule that was broken and nothing else. `quarantined`: foreign keys of the
 * table whose orphans are told as such.
 */
export function refusalReject(
  error: MigrationError,
  row: RejectedRow,
  redactValues: boolean,
  quarantined: readonly CompiledKey[] = [],
): RejectRecord {
  const { column: named, where = '', sqlstate, constraint } = error.context;
  const key = sqlstate === foreignKeyViolation ? quarantined.find(({ name }) => name === constraint) : undefined;
  if (key !== undefined) return orphanReject(key, false, row, redactValues);
  if (sqlstate === checkViolation && error.context['routine'] === 'ExecFindPartition') return partitionReject(row, redactValues);
  // `COPY item, line 5, column weight` is all that a value that does not fit its type says.
  const column =
    row.columns.find(({ to }) => to === named || where.split('\n').some((line) => line.endsWith(`, column ${to}`)))?.to ?? null;
  return {
    provenance: row.provenance,
    column,
    code: 'server-refused' satisfies RejectCode,
    message: refusalMessage(error, redactValues),
    value: redactValues ? null : originalOf(row, column),
  };
}

const foreignKeyViolation = '23503';
/** Of a CHECK, and of the bounds of all partitions, which only the function that looked for one tells apart. */
const checkViolation = '23514';

function partitionReject(row: RejectedRow, redactValues: boolean): RejectRecord {
  return {
    provenance: row.provenance,
    column: null,
    code: 'no-partition' satisfies RejectCode,
    message: 'No partition of the table takes the row, and the table has no default partition.',
    value: redactValues ? null : originalOf(row, null),
  };
}

/** Why PostgreSQL refused a row; without what it quotes of the row where values are kept out. */
export function refusalMessage(error: MigrationError, redactValues: boolean): string {
  return redactValues ? ruleOf(error) : error.message;
}

/** The reject of a row whose key an earlier row has. */
export function keyReject(rule: UniqueRule, first: Provenance, row: RejectedRow, redactValues: boolean): RejectRecord {
  const column = row.columns.find(({ to }) => to === rule.column)?.to ?? null;
  return {
    provenance: row.provenance,
    column,
    code: 'key-violated' satisfies RejectCode,
    message: `Key "${rule.name}" on (${rule.terms.join(', ')}): the row at ${first} has the same value and came first.`,
    value: redactValues ? null : originalOf(row, column),
  };
}

/** The reject of a row without its parent. `parentLeft`: the parent was there and was set aside. */
export function orphanReject(key: CompiledKey, parentLeft: boolean, row: RejectedRow, redactValues: boolean): RejectRecord {
  const [only] = key.columns;
  const column = key.columns.length > 1 ? null : (row.columns.find(({ to }) => to === only)?.to ?? null);
  const parent = `${key.to.schema}.${key.to.table} (${key.referencesColumns.join(', ')})`;
  return {
    provenance: row.provenance,
    column,
    code: 'orphan' satisfies RejectCode,
    message: `Foreign key "${key.name}" (${key.columns.join(', ')}) refers to a row of ${parent} that ${parentLeft ? 'is set aside as well' : 'is not there'}.`,
    value: redactValues ? null : originalOf(row, column),
  };
}

/** The reject of a row whose document is set aside: a document is in the target whole, or not at all. */
export function documentReject(document: Provenance, row: RejectedRow, redactValues: boolean): RejectRecord {
  return {
    provenance: row.provenance,
    column: null,
    code: 'orphan' satisfies RejectCode,
    message: `The document at ${document} is set aside, and so are all rows of it.`,
    value: redactValues ? null : originalOf(row, null),
  };
}

/** The bytes a reject is kept with: of one column, or the row in words where no column is to blame. */
function originalOf({ columns, values }: RejectedRow, column: string | null): Uint8Array | null {
  const [first] = values;
  if (first instanceof UnreadableRecord) return first.bytes;
  if (column === null) return Buffer.from(rowText(columns, values), 'utf8');
  return originalBytes(values[columns.findIndex(({ to }) => to === column)] ?? null);
}

/** Text as UTF-8, numbers as their decimal text, bytes as they are. */
function originalBytes(value: SourceValue): Uint8Array | null {
  if (value === null) return null;
  if (value instanceof Uint8Array) return value;
  if (value instanceof InvalidText) return value.bytes;
  return Buffer.from(typeof value === 'number' ? realText(value) : String(value), 'utf8');
}

/** Characters of each value of a row in words; whole values are in the source. */
const mostCharacters = 200;

/** `id = 7, name = "it's", data = x'00ff', note = NULL`. */
function rowText(columns: readonly ColumnConversion[], values: readonly SourceValue[]): string {
  return columns.map(({ from }, i) => `${from} = ${valueText(values[i] ?? null)}`).join(', ');
}

function valueText(value: SourceValue): string {
  const text = cellText(sourceCell(value, mostCharacters)) ?? 'NULL';
  return typeof value === 'string' || value instanceof InvalidText ? JSON.stringify(text) : text;
}

function ruleOf({ context }: MigrationError): string {
  const parts = [
    `SQLSTATE ${context.sqlstate ?? '?'}`,
    ...(context.constraint === undefined ? [] : [`constraint "${context.constraint}"`]),
    ...(context.column === undefined ? [] : [`column "${context.column}"`]),
  ];
  return `PostgreSQL refused the row (${parts.join(', ')}).`;
}
