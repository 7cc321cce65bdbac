import type { CatalogForeignKey, ForeignKeyAction } from '../../model/catalog.ts';
import type { Connection } from '../shared/sqlite/connection.ts';

interface ForeignKeyRow {
  readonly id: bigint;
  readonly table: string;
  readonly from: string;
  readonly to: string | null;
  readonly on_update: string;
  readonly on_delete: string;
}

interface ParentColumn {
  readonly name: string;
  readonly pk: bigint;
}

/** Foreign keys in the order of the text, names spelled as the parent spells them. A parent that does not exist is kept as written, with a note. */
export function introspectForeignKeys(
  connection: Connection,
  table: string,
  deferred: readonly boolean[],
): { readonly foreignKeys: readonly CatalogForeignKey[]; readonly notes: readonly string[] } {
  const statement = connection.prepare(
    `SELECT id, "table", "from", "to", on_update, on_delete FROM pragma_foreign_key_list(?, 'main') ORDER BY id DESC, seq`,
  );
  const keys = Map.groupBy(statement.all(table) as ForeignKeyRow[], ({ id }) => id);
  const notes: string[] = [];
  const foreignKeys = [...keys.values()].map((rows, i) => {
    const first = rows[0]!;
    const parent = findParent(connection, first.table);
    const columns = rows.map(({ from }) => from);
    const referencesColumns = resolveColumns(rows, parent?.columns ?? []);
    if (parent === null) notes.push(`foreign key (${columns.join(', ')}) references ${first.table}, which does not exist`);
    else if (referencesColumns === null)
      notes.push(`foreign key (${columns.join(', ')}) references columns that ${parent.name} does not have`);
    return {
      name: null,
      columns,
      references: parent?.name ?? first.table,
      referencesSchema: null,
      referencesColumns: referencesColumns ?? rows.map(({ from, to }) => to ?? from),
      onDelete: toAction(first.on_delete),
      onUpdate: toAction(first.on_update),
      deferrable: deferred[i] ?? false,
    };
  });
  return { foreignKeys, notes };
}

function findParent(connection: Connection, written: string): { readonly name: string; readonly columns: readonly ParentColumn[] } | null {
  const name = connection.prepare(`SELECT name FROM pragma_table_list(?) WHERE schema = 'main' AND type = 'table'`).pluck().get(written) as
    string | undefined;
  if (name === undefined) return null;
  return { name, columns: connection.prepare(`SELECT name, pk FROM pragma_table_xinfo(?, 'main')`).all(name) as ParentColumn[] };
}

/** The parent's columns as the parent spells them; without any written, its primary key. null: the parent has no such columns. */
function resolveColumns(rows: readonly ForeignKeyRow[], parent: readonly ParentColumn[]): readonly string[] | null {
  const implicit = parent.filter(({ pk }) => pk > 0n).sort((a, b) => Number(a.pk - b.pk));
  const found = rows.map(({ to }, i) => (to === null ? implicit[i] : parent.find(({ name }) => name.toLowerCase() === to.toLowerCase())));
  const complete = found.filter((column) => column !== undefined);
  return complete.length === rows.length ? complete.map(({ name }) => name) : null;
}

function toAction(text: string): ForeignKeyAction {
  return text.toLowerCase() as ForeignKeyAction;
}
