import { MigrationError } from '../../errors.ts';
import { locationText } from '../../model/store-location.ts';
import type { FileSet } from '../shared/files/file-set.ts';
import { hiveValues } from '../shared/files/hive-values.ts';
import { listSome } from '../shared/files/list-some.ts';
import type { FileGroup } from './choose-tables.ts';
import { columnNames } from './column-names.ts';
import type { DelimitedPart, DelimitedTable, PartField } from './delimited-snapshot.ts';
import { describeFiles, warnOfFiles } from './describe-files.ts';
import type { StudiedFile } from './freeze-file.ts';

/**
 * One table of several files: columns by their names, in the order in which they come up, and behind them the folders `name=value`. Files without a
 * header go by the places of their columns. Throws `mixed-headers` when only some have one.
 */
export function uniteFiles(set: FileSet, { name, files }: FileGroup): DelimitedTable {
  requireSameHeaders(set, files);
  const own = [...new Set(files.flatMap(({ study }) => study.columns))];
  const folders = files.map(({ file }) => (set.single ? new Map<string, string | null>() : hiveValues(file.name)));
  const partitions = [...new Set(folders.flatMap((values) => [...values.keys()]))];
  const columns = columnNames([...own, ...partitions]);
  let firstRow = 0;
  const shapes = new Map<string, readonly PartField[]>();
  const parts = files.map((studied, i): DelimitedPart => {
    const part = toPart(studied, firstRow, fieldsOf(studied, own, partitions.map((key) => folders[i]?.get(key) ?? null), shapes));
    firstRow += part.rows;
    return part;
  });
  const facts = { set, files, columns: own, partitions: partitions.map((key, i) => ({ key, name: columns[own.length + i] ?? key })), folders };
  return {
    name,
    columns,
    partitions: partitions.length,
    rows: firstRow,
    parts,
    notes: describeFiles(facts),
    warnings: warnOfFiles(facts),
    largestRow: parts.reduce((most, _, i) => Math.max(most, files[i]?.study.survey.largestRow ?? 0), 0),
  };
}

function requireSameHeaders(set: FileSet, files: readonly StudiedFile[]): void {
  const named = (header: boolean): string[] => files.filter(({ study }) => study.dialect.header === header).map(({ file }) => file.name);
  const [withHeader, without] = [named(true), named(false)];
  if (withHeader.length === 0 || without.length === 0) return;
  const detail = `${listSome(withHeader)} begin with the names of columns, ${listSome(without)} do not`;
  throw new MigrationError('mixed-headers', { context: { path: locationText(set.location), detail } });
}

/** Files that are alike share one list: there may be thousands. */
function fieldsOf(
  { study }: StudiedFile,
  own: readonly string[],
  values: readonly (string | null)[],
  shapes: Map<string, readonly PartField[]>,
): readonly PartField[] {
  const key = JSON.stringify([study.columns, values]);
  const known = shapes.get(key);
  if (known !== undefined) return known;
  const places = new Map(study.columns.map((column, place) => [column, place]));
  const fields = [...own.map((column): PartField => places.get(column) ?? null), ...values];
  shapes.set(key, fields);
  return fields;
}

function toPart({ file, study, location }: StudiedFile, firstRow: number, fields: readonly PartField[]): DelimitedPart {
  return {
    name: file.name,
    location,
    path: file.read,
    size: file.identity.size,
    dialect: study.dialect,
    width: study.columns.length,
    fields,
    rows: study.survey.rows,
    firstRow,
    marks: study.survey.marks,
  };
}
