import { namingErrors } from '../../shared/sqlite/sqlite-errors.ts';
import type { BrokenRecord } from '../anchor.ts';
import { recordLimits } from '../pickle/pickle-limits.ts';
import { brokenRecord, keyText, type StoredRecord, type StoredRecords } from '../stored-record.ts';
import { openTables, type OpenTables, type SqliteForm } from './open-tables.ts';

/** The only format of the runtime's JSON there has been. */
const knownFormat = 1n;

/** Bytes of a reason of the runtime that are shown. */
const longestReason = 200;

const queries: Readonly<Record<SqliteForm, string>> = {
  shelf: select('"key"', '"value"', `${knownFormat}`, '"Dict"'),
  pickles: select('"id"', '"data"', `${knownFormat}`, '"anchors"'),
  json: select('"id"', '"data"', '"format_version"', '"anchors"'),
};

/** Values beyond the limit stay where they are. */
function select(key: string, value: string, format: string, table: string): string {
  const size = `octet_length(${value})`;
  const kept = `CASE WHEN ${size} <= ${recordLimits.bytes} THEN CAST(${value} AS BLOB) END`;
  return `SELECT CAST(substr(${key}, 1, 64) AS BLOB), ${size}, ${kept}, ${format} FROM ${table} ORDER BY rowid`;
}

type Row = readonly [key: Uint8Array | null, bytes: bigint | null, value: Uint8Array | null, format: unknown];

/**
 * Records of a private copy of a database, in the order of their table, and behind them those that the runtime itself has put aside. Throws diagnoses of
 * the store.
 */
export function* readTables(path: string): StoredRecords {
  const tables = openTables(path);
  try {
    yield* readOpen(path, tables);
  } finally {
    tables.connection.close();
  }
}

function* readOpen(path: string, { connection, form, columns }: OpenTables): StoredRecords {
  const ask = <T>(sql: string): Iterable<T> => rowsOf<T>(path, () => connection.prepare(sql).raw().iterate() as IterableIterator<T>);
  for (const row of ask<Row>(queries[form])) yield recordOf(row, form);
  if (form !== 'json') return;
  if (columns.get('anchors_quarantine')?.has('error') === true)
    for (const [id, error] of ask<[unknown, unknown]>('SELECT id, error FROM anchors_quarantine ORDER BY rowid'))
      yield brokenRecord(shown(id), null, `Jac itself has put it aside: ${shown(error)}`);
  if (columns.has('anchors_legacy_pickle'))
    for (const [count] of ask<[bigint]>('SELECT count(*) FROM anchors_legacy_pickle HAVING count(*) > 0'))
      yield brokenRecord('', null, `an upgrade of Jac was not finished: ${count} records of the old form are in anchors_legacy_pickle`);
}

function recordOf([key, bytes, value, format]: Row, form: SqliteForm): StoredRecord | BrokenRecord {
  const name = keyText(key ?? new Uint8Array(0));
  if (format !== knownFormat) return brokenRecord(name, null, `it is written in format ${shown(format)}, and only ${knownFormat} is known`);
  if (value !== null) return { key: name, value, offset: null, ...(form === 'json' && { json: true }) };
  return brokenRecord(name, null, bytes === null ? 'it has no value' : `it has ${bytes} bytes, more than ${recordLimits.bytes}`);
}

/** SQLite may meet a damaged page at each row. */
function* rowsOf<T>(path: string, begin: () => IterableIterator<T>): Iterable<T> {
  const rows = namingErrors({ path }, begin);
  try {
    for (;;) {
      const { done, value } = namingErrors({ path }, () => rows.next()) as IteratorResult<T, undefined>;
      if (done === true) return;
      yield value;
    }
  } finally {
    rows.return?.();
  }
}

function shown(value: unknown): string {
  return keyText(Buffer.from(String(value).slice(0, longestReason)));
}
