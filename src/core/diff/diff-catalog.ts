import type { SchemaChange, SchemaObjectKind } from '../model/schema-diff.ts';
import type { SchemaColumn, SchemaConstraint, SchemaIndex, SchemaObject, SchemaSnapshot, SchemaTable } from '../model/schema-snapshot.ts';
import { diffLists, type MatchedLists } from './diff-lists.ts';
import { columnDefinition, renderTable, schemaTableLabel } from './render-ddl.ts';

export interface CatalogDiff {
  readonly objects: MatchedLists<SchemaObject>;
  /** Tables that the target does not have. */
  readonly newTables: readonly SchemaTable[];
  /** Tables on both sides, also those that are equal. */
  readonly tables: readonly TableDiff[];
}

export interface TableDiff {
  readonly before: SchemaTable;
  readonly after: SchemaTable;
  readonly columns: MatchedLists<SchemaColumn>;
  readonly constraints: MatchedLists<SchemaConstraint>;
  readonly indexes: MatchedLists<SchemaIndex>;
}

/**
 * The target as it is against the target as the plan makes it. Tables that the plan does not make are not looked at. The order of columns does not
 * count, and neither does the name of a key or an index whose content is the same.
 */
export function diffCatalog(target: SchemaSnapshot, planned: SchemaSnapshot): CatalogDiff {
  const tables = diffLists(target.tables, planned.tables, { name: schemaTableLabel, equal: () => true });
  return {
    objects: diffLists(target.objects, planned.objects, {
      name: ({ kind, schema, name }) => JSON.stringify([kind, schema, name]),
      equal: (before, after) => before.definition === after.definition,
    }),
    newTables: tables.adds,
    tables: tables.same.map(({ before, after }) => diffTable(before, after)),
  };
}

/** One entry per object that differs; what belongs to a new table is told by that table. */
export function schemaChanges(diff: CatalogDiff): {
  readonly adds: readonly SchemaChange[];
  readonly deletes: readonly SchemaChange[];
  readonly alters: readonly SchemaChange[];
} {
  const newTables = diff.newTables.map((table): SchemaChange => {
    const label = schemaTableLabel(table);
    return { kind: 'table', name: label, table: label, before: null, after: renderTable(table) };
  });
  const parts = diff.tables.flatMap(tableParts);
  return {
    adds: [...changes(diff.objects.adds, null, objectForm), ...newTables, ...parts.flatMap((part) => part.adds)],
    deletes: parts.flatMap((part) => part.deletes),
    alters: [
      ...diff.objects.alters.map(({ before, after }) => change(objectForm, null, before, after)),
      ...diff.tables.flatMap(partitionChange),
      ...parts.flatMap((part) => part.alters),
    ],
  };
}

/** PostgreSQL cannot partition a table that is there, nor partition it by something else. */
function partitionChange({ before, after }: TableDiff): readonly SchemaChange[] {
  if (before.partitionKey === after.partitionKey) return [];
  const label = schemaTableLabel(after);
  const told = ({ partitionKey }: SchemaTable): string => (partitionKey === null ? 'not partitioned' : `PARTITION BY ${partitionKey}`);
  return [{ kind: 'table', name: label, table: label, before: told(before), after: told(after) }];
}

function diffTable(before: SchemaTable, after: SchemaTable): TableDiff {
  return {
    before,
    after,
    columns: diffLists(before.columns, after.columns, {
      name: (column) => column.name,
      equal: (a, b) => columnDefinition(a) === columnDefinition(b),
    }),
    constraints: diffLists(before.constraints, after.constraints, {
      // A table has one primary key, whatever it is called.
      name: (constraint) => (constraint.kind === 'primary-key' ? 'primary key' : `name ${constraint.name}`),
      content: constraintContent,
      equal: (a, b) => constraintContent(a) === constraintContent(b),
    }),
    indexes: diffIndexes(before.indexes, after.indexes),
  };
}

/** Lists that a plan leaves to the rows are whatever a run made of them. */
function diffIndexes(before: readonly SchemaIndex[], after: readonly SchemaIndex[]): MatchedLists<SchemaIndex> {
  const planned = new Set(after.map(indexContent));
  const content = (index: SchemaIndex): string => {
    const whole = indexContent(index);
    const unsized = whole.replace(/^(CREATE INDEX ON .* USING ivfflat .*) WITH \(lists='?\d+'?\)/, '$1');
    return planned.has(unsized) ? unsized : whole;
  };
  return diffLists(before, after, { name: (index) => index.name, content, equal: (a, b) => content(a) === content(b) });
}

function constraintContent(constraint: SchemaConstraint): string {
  return `${constraint.kind} ${constraint.definition}`;
}

/** pg_get_indexdef() without the name. */
function indexContent(index: SchemaIndex): string {
  return index.definition.replace(/^(CREATE (?:UNIQUE )?INDEX )(?:"(?:[^"]|"")*"|\S+) ON/, '$1ON');
}

/** How one kind of object is told. */
interface Form<T> {
  readonly kind: (item: T) => SchemaObjectKind;
  readonly name: (item: T) => string;
  readonly definition: (item: T) => string;
}

const objectForm: Form<SchemaObject> = {
  kind: (object) => object.kind,
  name: (object) => (object.schema === null ? object.name : `${object.schema}.${object.name}`),
  definition: (object) => object.definition,
};

const columnForm: Form<SchemaColumn> = { kind: () => 'column', name: (column) => column.name, definition: columnDefinition };

const constraintForm: Form<SchemaConstraint> = {
  kind: ({ kind }) => (kind === 'exclusion' ? 'index' : kind),
  name: (constraint) => constraint.name,
  definition: (constraint) => constraint.definition,
};

const indexForm: Form<SchemaIndex> = { kind: () => 'index', name: (index) => index.name, definition: (index) => index.definition };

function tableParts(diff: TableDiff): readonly ReturnType<typeof schemaChanges>[] {
  const label = schemaTableLabel(diff.after);
  return [
    listChanges(diff.columns, label, columnForm),
    listChanges(diff.constraints, label, constraintForm),
    listChanges(diff.indexes, label, indexForm),
  ];
}

function listChanges<T>(lists: MatchedLists<T>, table: string, form: Form<T>): ReturnType<typeof schemaChanges> {
  return {
    adds: changes(lists.adds, table, form),
    deletes: lists.deletes.map((item) => change(form, table, item, null)),
    alters: lists.alters.map(({ before, after }) => change(form, table, before, after)),
  };
}

function changes<T>(added: readonly T[], table: string | null, form: Form<T>): readonly SchemaChange[] {
  return added.map((item) => change(form, table, null, item));
}

function change<T>(form: Form<T>, table: string | null, before: T | null, after: T | null): SchemaChange {
  const item = (after ?? before) as T;
  const name = form.name(item);
  return {
    kind: form.kind(item),
    name: table === null ? name : `${table}.${name}`,
    table,
    before: before === null ? null : form.definition(before),
    after: after === null ? null : form.definition(after),
  };
}
