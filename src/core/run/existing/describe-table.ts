import type { ExistingColumn, ExistingTable } from '../../model/existing-table.ts';
import type { Warning } from '../../model/run.ts';
import type { CompiledPlan, CompiledTable } from '../../plan/compiled-plan.ts';
import type { RelationColumn, RelationFacts } from '../../target/relation-facts.ts';

/** What a description is made from, besides the table and its facts. */
export interface DescribeSetting {
  readonly compiled: CompiledPlan;
  readonly mode: ExistingTable['mode'];
  readonly undo: boolean;
  readonly runId: string;
  readonly planName: string;
  /** The plan's key of a table, by which an upsert or a sync finds rows. */
  readonly planKey: (label: string) => readonly string[];
  /** How a run that has begun remembers the rows of a table; null for a new one. */
  readonly remembered: (label: string) => { readonly columns: readonly string[]; readonly key: readonly string[] } | null;
  /** Tables to be loaded before a table. */
  readonly after: (label: string) => readonly string[];
  /** Tables that its foreign keys lead to and back from. */
  readonly circleOf: (label: string) => readonly string[];
}

export interface DescribedTable {
  readonly table: CompiledTable;
  /** Why rows cannot be written into it; empty when they can, as far as its catalog tells. */
  readonly problems: readonly string[];
  /** What the user should know. */
  readonly warnings: readonly Warning[];
}

/** A table of the plan as it is in the target: its generated columns are left out, and `existing` says how rows get in. */
export function describeTable(table: CompiledTable, facts: RelationFacts, setting: DescribeSetting): DescribedTable {
  const generated = new Set(facts.columns.filter((column) => column.generated).map(({ name }) => name));
  const kept = table.columns.flatMap((column, i) => (generated.has(column.to) ? [] : [i]));
  const types = setting.compiled.columnTypes.get(table.label) ?? [];
  const columns = kept.flatMap((i) => table.columns[i] ?? []);
  const key = table.key.map((position) => kept.indexOf(position));
  const remembered = setting.remembered(table.label);
  const stored = facts.columns.filter((column) => !column.generated);
  const byKey = setting.mode === 'upsert' || setting.mode === 'sync';
  const conflict = byKey ? setting.planKey(table.label) : [];
  // What is kept of a row between runs is found by the key that the rows of the source have.
  const ownKey = setting.mode === 'sync' ? conflict : facts.key;
  const find = (name: string): ExistingColumn[] => stored.filter((column) => column.name === name).map(toExistingColumn);
  const existing: ExistingTable = {
    runId: setting.runId,
    mode: setting.mode,
    undo: setting.undo,
    columns: remembered === null ? stored.map(toExistingColumn) : remembered.columns.flatMap(find),
    key: (remembered?.key ?? ownKey).flatMap(find),
    conflict,
    uniques: facts.uniques
      .filter((unique) => unique.columns.every((name) => columns.some(({ to }) => to === name)))
      .map((unique) => ({ name: unique.name, columns: unique.columns.flatMap(find) })),
    stagingTypes: kept.map((i) => types[i] ?? 'text'),
    after: setting.after(table.label),
    circle: setting.circleOf(table.label),
    foreignKeys: facts.parents
      .filter((parent) => parent.columns.every((name) => columns.some(({ to }) => to === name)))
      .map(({ constraint, columns: names, schema, name, parentColumns }) => ({
        name: constraint,
        columns: names.flatMap(find),
        parent: { schema, table: name },
        parentLabel: `${schema}.${name}`,
        parentColumns,
      })),
    inOrder: byKey || setting.circleOf(table.label).length > 0,
    ...(setting.mode === 'sync' ? { syncedBy: setting.planName } : {}),
  };
  const unfit = relationProblems(facts);
  return {
    table: { ...table, columns, key: key.includes(-1) ? [] : key, existing },
    problems:
      unfit.length > 0
        ? unfit
        : [
            ...columnProblems(table, facts),
            ...keyProblems(existing, columns, table.label, remembered),
            ...(setting.mode === 'sync' ? emptyKeyProblems(existing, facts) : []),
            ...missingForeignKeys(table, facts),
          ],
    warnings: warningsOf(table, facts),
  };
}

/** Whatever it is, only a table can take rows and give them back. */
export function relationProblems(facts: RelationFacts): string[] {
  const label = `${facts.schema}.${facts.name}`;
  if (facts.kind !== 'r' && facts.kind !== 'p') return [`${label} is ${kinds[facts.kind] ?? 'no table'}, not a table.`];
  return [
    ...(facts.hasHeirs ? [`Other tables inherit from ${label}, so that their rows are its rows as well.`] : []),
    ...(facts.rowSecurityApplies
      ? [`Row-level security hides rows of ${label} from this user, so that nothing can be proved about them.`]
      : []),
    ...(facts.rules.length > 0
      ? [`Rules change what is written to ${label} (${facts.rules.join(', ')}), so that it can be neither proved nor undone.`]
      : []),
  ];
}

const kinds: Readonly<Record<string, string>> = {
  v: 'a view',
  m: 'a materialized view',
  f: 'a foreign table',
  S: 'a sequence',
  c: 'a composite type',
  i: 'an index',
  I: 'an index',
};

function columnProblems({ columns, label }: CompiledTable, facts: RelationFacts): string[] {
  const there = new Set(facts.columns.map(({ name }) => name));
  const written = new Set(columns.map(({ to }) => to));
  const missing = columns.filter(({ to }) => !there.has(to)).map(({ to }) => to);
  const unfilled = facts.columns.filter((column) => !written.has(column.name) && isUnfilled(column)).map(({ name }) => name);
  return [
    ...(missing.length > 0 ? [`${label} has no column ${missing.join(', ')}, which the plan writes.`] : []),
    ...(unfilled.length > 0
      ? [`${label} has a NOT NULL column without a default that the plan does not write: ${unfilled.join(', ')}.`]
      : []),
  ];
}

function isUnfilled(column: RelationColumn): boolean {
  return column.notNull && !column.hasDefault && !column.generated && column.identity === '';
}

function keyProblems(
  existing: ExistingTable,
  columns: CompiledTable['columns'],
  label: string,
  remembered: { readonly columns: readonly string[]; readonly key: readonly string[] } | null,
): string[] {
  if (remembered !== null && (existing.columns.length < remembered.columns.length || existing.key.length < remembered.key.length))
    return [`Columns of ${label} that the run remembers rows by are gone.`];
  const { mode } = existing;
  if (mode !== 'upsert' && mode !== 'sync') return [];
  const unwritten = existing.conflict.filter((name) => !columns.some(({ to }) => to === name));
  if (existing.conflict.length === 0)
    return [
      `The plan gives ${label} no key${mode === 'sync' ? ' of columns that come from the source and are never NULL' : ''}, by which mode ${mode} could find the rows that are there.`,
    ];
  if (unwritten.length > 0) return [`The key of ${label} in the plan has a column that is not written: ${unwritten.join(', ')}.`];
  return existing.key.length === 0
    ? [
        `${label} has no primary key and no unique index on columns that are never NULL, so that rows overwritten by mode ${mode} could not be named.`,
      ]
    : [];
}

function emptyKeyProblems({ conflict }: ExistingTable, { columns, schema, name: table }: RelationFacts): string[] {
  const open = columns.filter(({ name, notNull }) => conflict.includes(name) && !notNull).map(({ name }) => name);
  return open.length === 0
    ? []
    : [`${schema}.${table} may have NULL in its key (${open.join(', ')}), so that mode sync could not find the rows that are there.`];
}

/** A table that was there is given no key, and no row is taken out of it: only a key of its own can keep orphans out. */
function missingForeignKeys({ label, foreignKeys }: CompiledTable, facts: RelationFacts): string[] {
  return foreignKeys.flatMap(({ orphans, columns, to, referencesColumns }) => {
    const wanted = columns
      .map((column, i) => `${column}=${referencesColumns[i] ?? ''}`)
      .toSorted()
      .join();
    const isSame = (key: RelationFacts['parents'][number]): boolean =>
      key.schema === to.schema &&
      key.name === to.table &&
      key.columns
        .map((column, i) => `${column}=${key.parentColumns[i] ?? ''}`)
        .toSorted()
        .join() === wanted;
    if (orphans !== 'quarantine' || facts.parents.some(isSame)) return [];
    return [
      `${label} has no foreign key (${columns.join(', ')}) to ${to.schema}.${to.table} (${referencesColumns.join(', ')}), which would keep out the rows that the plan sets aside as orphans.`,
    ];
  });
}

function warningsOf({ columns, label, partitioned }: CompiledTable, facts: RelationFacts): Warning[] {
  const generated = columns.filter(({ to }) => facts.columns.some(({ name, generated }) => name === to && generated)).map(({ to }) => to);
  const warn = (code: string, message: string): Warning => ({ code, message, table: label });
  return [
    ...(partitioned === true && facts.kind !== 'p'
      ? [warn('partitions-kept', `${label} is there already and is not partitioned, although it is in the plan: it stays as it is.`)]
      : []),
    ...(facts.triggers.length > 0
      ? [warn('triggers-fire', `Triggers of ${label} fire for each row that is written: ${facts.triggers.join(', ')}.`)]
      : []),
    ...facts.references
      .filter(({ slow }) => slow)
      .map((reference) =>
        warn(
          'unindexed-reference',
          `Foreign key ${reference.name} of ${reference.schema}.${reference.table} refers to ${label} and has no index on (${reference.columns.join(', ')}): PostgreSQL reads all of that table for each row that mode replace or a roll back deletes from ${label}.`,
        ),
      ),
    ...(facts.rowSecurity ? [warn('row-security', `${label} has row-level security, which does not apply to this user.`)] : []),
    ...(generated.length > 0
      ? [
          warn(
            'generated-column',
            `The target computes ${generated.join(', ')} of ${label} itself, so the plan's values are neither written nor compared.`,
          ),
        ]
      : []),
  ];
}

function toExistingColumn({ name, type, identity }: RelationColumn): ExistingColumn {
  return { name, type, alwaysIdentity: identity === 'a' };
}
