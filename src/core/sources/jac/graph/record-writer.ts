import { MigrationError } from '../../../errors.ts';
import { quoteName } from '../../shared/quote-name.ts';
import type { Connection } from '../../shared/sqlite/connection.ts';
import type { Anchor } from '../anchor.ts';
import { storeField } from './record-columns.ts';
import type { RecordTable } from './shape-tables.ts';
import type { StoredValue } from './stored-value.ts';
import { accessJson } from './value-json.ts';

interface Writing {
  readonly table: RecordTable;
  readonly insert: ReturnType<Connection['prepare']>;
  readonly hasModule: boolean;
}

/** Writes records as rows of their tables. */
export class RecordWriter {
  readonly #byClass = new Map<string, Writing>();
  readonly #byNumber = new Map<number, Writing>();
  readonly #edge;
  readonly #ends;

  constructor(connection: Connection, tables: readonly RecordTable[]) {
    this.#edge = connection.prepare(
      `SELECT e.number, o.position FROM "own edge" e LEFT JOIN "own edge_order" o ON o.edge = e.id AND o.node = e.source WHERE e.id = ?`,
    );
    this.#ends = {
      source: connection.prepare(`SELECT source FROM "own edge" WHERE number = ? AND target = ?`).pluck(),
      target: connection.prepare(`SELECT target FROM "own edge" WHERE number = ? AND source = ?`).pluck(),
    };
    for (const table of tables) {
      const writing = prepare(connection, table);
      if (table.number === null) this.#byClass.set(`${table.facts.kind} ${table.facts.name}`, writing);
      else this.#byNumber.set(table.number, writing);
    }
  }

  write(record: Anchor): void {
    const edge =
      record.kind === 'edge' ? (this.#edge.get(record.id) as { number: bigint; position: bigint | null } | undefined) : undefined;
    const writing = edge === undefined ? this.#byClass.get(`${record.kind} ${record.className}`) : this.#byNumber.get(Number(edge.number));
    // The private copy that was read first is the one that is read now.
    if (writing === undefined) throw new MigrationError('internal', { context: { detail: `record ${record.id} was not there at first` } });
    const { ends, fields } = writing.table;
    writing.insert.run([
      record.id,
      ...(record.kind === 'edge'
        ? [record.ends?.source ?? null, record.ends?.target ?? null, undirected(record), edge?.position ?? null]
        : []),
      record.rootId,
      record.access === null ? null : accessJson(record.access),
      ...(writing.hasModule ? [record.module] : []),
      ...fields.map((column) => storeField(record.fields.get(column.field), column)),
      ...ends.map(({ end, number }) => (this.#ends[end].get(BigInt(number), record.id) ?? null) as StoredValue),
    ]);
  }
}

function prepare(connection: Connection, table: RecordTable): Writing {
  const words = new Map(table.table.columns.map(({ name, declared }) => [name, declared]));
  // Bytes of a text that is not valid come as a blob.
  const places = [...words.values()].map((declared) => (declared === 'str' || declared === 'Enum' ? 'CAST(? AS TEXT)' : '?'));
  return {
    table,
    insert: connection.prepare(`INSERT INTO ${quoteName(table.table.stored)} VALUES (${places.join(', ')})`),
    hasModule: table.facts.modules.size > 1,
  };
}

function undirected({ ends }: Anchor): bigint | null {
  return ends === null ? null : ends.undirected ? 1n : 0n;
}
