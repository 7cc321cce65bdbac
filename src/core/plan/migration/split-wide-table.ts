import { nameIdentifiers } from '../../mapping/identifiers.ts';
import { parsePgType } from '../../sql/pg-type.ts';
import { quotedNames } from '../quoted-names.ts';
import type { PlanColumnInput } from './plan-columns.ts';
import type { PlanTableInput } from './plan-keys.ts';
import type { Remarks } from './remarks.ts';
import type { TableDraft } from './table-draft.ts';

/** https://www.postgresql.org/docs/current/limits.html */
const maxColumns = 1_600;
/** Bytes of a row that fit a page of 8 kB with its header, whatever is moved out of it; some room is left for what is added later. */
const maxRowBytes = 7_600;

/**
 * A table that is too wide for PostgreSQL as several tables with the same key (S43): the first keeps the name, the others refer to it. Where it has none, the
 * number that the store gives each row becomes one; without that nothing would tell which rows belong together, and the table stays whole and is refused
 * before the run.
 */
export function splitWideTable(given: PlanTableInput, draft: TableDraft, taken: Set<string>, remarks: Remarks): readonly PlanTableInput[] {
  const count = columnCount(given);
  const bytes = rowBytes(given.columns ?? [], draft);
  if (count <= maxColumns && bytes <= maxRowBytes) return [given];
  const reason =
    count > maxColumns
      ? `it has ${count} columns and PostgreSQL allows ${maxColumns}`
      : `a row takes about ${bytes} bytes beside what can be moved out of it, and a page of PostgreSQL has 8,192`;
  const table = withKey(given, draft);
  if (table === null) {
    const why = 'It has no primary key, and the store has no number of its rows that can be read';
    const advice = 'leave columns out of the plan, or give the table a primary key, by which it can be split';
    const code = count > maxColumns ? 'too-many-columns' : 'row-too-wide';
    remarks.warn(code, `The table is too wide: ${reason}. ${why}; ${advice}.`, draft.table.name);
    return [given];
  }
  const groups = groupColumns(table.columns ?? [], table.primaryKey ?? [], draft);
  const called = nameIdentifiers(
    groups.slice(1).map((_, i) => `${draft.to}_${i + 2}`),
    'preserve',
    taken,
  ).map(({ to }) => to);
  for (const name of called) taken.add(name);
  const parts = groups.map((_, i) => partOf(table, groups, i, called));
  remarks.warn(
    'split-table',
    `The table becomes ${parts.length} tables with the same key (${[draft.to, ...called].join(', ')}): ${reason}.`,
    draft.table.name,
  );
  if (table !== given)
    remarks.warn(
      'numbered-rows',
      `The table has no primary key: ${table.primaryKey?.[0] ?? ''}, the number that the store gives each row, tells in its parts which rows belong together.`,
      draft.table.name,
    );
  remarkLost(table, groups, draft, remarks);
  return parts;
}

/** The column of a full-text search comes on top. */
function columnCount({ columns = [], fullText }: PlanTableInput): number {
  return columns.length + [fullText ?? []].flat().length;
}

/** A table without a primary key gets the number of its rows as one, which PostgreSQL goes on with; null when there is none. */
function withKey(table: PlanTableInput, { table: { rowNumber } }: TableDraft): PlanTableInput | null {
  const { columns = [], primaryKey = [] } = table;
  if (primaryKey.length > 0) return table;
  if (rowNumber === undefined) return null;
  const to = nameIdentifiers(['sluice_row'], 'preserve', new Set(columns.map((column) => column.to)))[0]?.to ?? 'sluice_row';
  const evidence = `the number that the store gives each row (${rowNumber})`;
  const key = { from: rowNumber, to, type: 'bigint', identity: true, nullable: false, evidence };
  return { ...table, columns: [key, ...columns], primaryKey: [to] };
}

/** Bytes that a row of the average filling needs in its page. */
function rowBytes(columns: readonly PlanColumnInput[], draft: TableDraft): number {
  return Math.round(24 + columns.length / 8 + columns.reduce((sum, column) => sum + columnBytes(column, draft), 0));
}

const fixedBytes: Readonly<Record<string, number>> = { boolean: 1, smallint: 2, integer: 4, date: 4, uuid: 16 };

/** What stays in the page: a long value leaves a pointer of 18 bytes. A NULL takes a bit. */
function columnBytes({ from, type }: PlanColumnInput, draft: TableDraft): number {
  const profile = draft.columns.find(({ column }) => column.name === from)?.profile;
  if (profile === undefined) return 8;
  const filled = profile.rows === 0 ? 0 : (profile.rows - profile.nulls) / profile.rows;
  const { name } = parsePgType(type);
  const isLong = ['text', 'varchar', 'bytea', 'jsonb', 'numeric', 'vector'].includes(name);
  return filled * (isLong ? Math.min(18, 1 + Math.max(profile.textMaxBytes, profile.blobMaxBytes, 8)) : (fixedBytes[name] ?? 8));
}

/** Columns in their order, each group with the key before them. */
function groupColumns(
  columns: readonly PlanColumnInput[],
  key: readonly string[],
  draft: TableDraft,
): readonly (readonly PlanColumnInput[])[] {
  const keyColumns = columns.filter(({ to }) => key.includes(to));
  const groups: PlanColumnInput[][] = [[...keyColumns]];
  let bytes = rowBytes(keyColumns, draft);
  for (const column of columns) {
    if (key.includes(column.to)) continue;
    const more = columnBytes(column, draft) + 1 / 8;
    if ((groups.at(-1) as PlanColumnInput[]).length >= maxColumns || bytes + more > maxRowBytes) {
      groups.push(keyColumns.map(({ identity: _identity, ...plain }) => plain));
      bytes = rowBytes(keyColumns, draft);
    }
    (groups.at(-1) as PlanColumnInput[]).push(column);
    bytes += more;
  }
  return groups;
}

/** The columns of a part; one that is computed from columns of another part is copied instead. */
function ownColumns(group: readonly PlanColumnInput[]): PlanColumnInput[] {
  const own = new Set(group.map(({ to }) => to));
  return group.map((column) => {
    const { generated, ...plain } = column;
    return generated !== undefined && generated !== null && !quotedNames(generated).every((name) => own.has(name)) ? plain : column;
  });
}

type Group = readonly PlanColumnInput[];

/** Keys and indexes stay with the first part that has all columns they name. */
function partOf(table: PlanTableInput, groups: readonly Group[], i: number, called: readonly string[]): PlanTableInput {
  const { to, primaryKey = [], uniques = [], checks = [], foreignKeys = [], indexes = [], fullText, ...rest } = table;
  const link = { columns: [...primaryKey], references: to, referencesColumns: [...primaryKey], onDelete: 'cascade' as const };
  const isHere = (names: readonly string[]): boolean => homeOf(names, groups) === i;
  const kept = {
    uniques: uniques.filter((item) => isHere(namesOf(item))),
    checks: checks.filter((item) => isHere(namesOf(item))),
    foreignKeys: [...(i === 0 ? [] : [link]), ...foreignKeys.filter(({ columns }) => isHere(columns))],
    indexes: indexes.filter((item) => isHere(namesOf(item))),
  };
  return {
    ...rest,
    to: i === 0 ? to : (called[i - 1] as string),
    columns: ownColumns(groups[i] ?? []),
    primaryKey: [...primaryKey],
    ...Object.fromEntries(Object.entries(kept).filter(([, items]) => items.length > 0)),
    ...(fullText !== undefined && fullText !== null && isHere([fullText].flat().flatMap(({ from }) => from)) ? { fullText } : {}),
  };
}

/** Position of the first group that has all these columns; -1 when none has. */
function homeOf(names: readonly string[], groups: readonly Group[]): number {
  return groups.findIndex((group) => names.every((name) => group.some(({ to }) => to === name)));
}

type Item =
  | NonNullable<PlanTableInput['uniques']>[number]
  | NonNullable<PlanTableInput['checks']>[number]
  | NonNullable<PlanTableInput['indexes']>[number];

/** Columns that a key, a check or an index names. */
function namesOf(item: Item): readonly string[] {
  if (typeof item === 'string') return quotedNames(item);
  if (Array.isArray(item)) return item;
  const columns = 'columns' in item ? (item.columns ?? []) : [];
  return [
    ...columns.flatMap((column) => {
      if (typeof column === 'string') return [column];
      return 'column' in column ? [column.column] : quotedNames(column.expression);
    }),
    ...quotedNames('expression' in item ? item.expression : null),
    ...quotedNames('where' in item ? item.where : null),
  ];
}

function remarkLost(table: PlanTableInput, groups: readonly Group[], draft: TableDraft, remarks: Remarks): void {
  const named = [
    ...[...(table.uniques ?? []), ...(table.checks ?? []), ...(table.indexes ?? [])].map((item) => ({ item, names: namesOf(item) })),
    ...(table.foreignKeys ?? []).map((item) => ({ item, names: item.columns })),
    ...[table.fullText ?? []].flat().map((item) => ({ item, names: item.from })),
  ];
  for (const { item, names } of named) {
    if (homeOf(names, groups) !== -1) continue;
    const message = `${JSON.stringify(item)} is not carried over, because its columns are in several tables now.`;
    remarks.warn('dropped-by-split', message, draft.table.name);
  }
}

/** A key of another table refers to the part that has the columns it names. */
export function redirectKeys(
  tables: readonly PlanTableInput[],
  parts: ReadonlyMap<string, readonly PlanTableInput[]>,
): readonly PlanTableInput[] {
  if (parts.size === 0) return tables;
  return tables.map((table) => {
    const foreignKeys = (table.foreignKeys ?? []).map((key) => {
      const candidates = typeof key.references === 'string' ? (parts.get(key.references) ?? []) : [];
      const home = candidates.find(({ columns = [] }) => key.referencesColumns.every((name) => columns.some(({ to }) => to === name)));
      return home === undefined ? key : { ...key, references: home.to };
    });
    return foreignKeys.length === 0 ? table : { ...table, foreignKeys };
  });
}
