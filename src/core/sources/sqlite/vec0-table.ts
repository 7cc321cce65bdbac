import type { Connection } from '../shared/sqlite/connection.ts';
import { quoteName } from '../shared/quote-name.ts';
import { moduleArguments, unquote, virtualModule } from './full-text-table.ts';
import type { SchemaRow } from './schema-row.ts';

/** A column of a virtual table of sqlite-vec, with the SQL that reads it from the shadow tables. */
export interface Vec0Column {
  readonly name: string;
  /** FLOAT32(n), BIT_VECTOR(n), or as written. */
  readonly declared: string;
  readonly sql: string;
  /** Distance that the table was declared with, where it was. */
  readonly metric: 'cosine' | 'l2' | 'l1' | null;
}

/** A vec0 table that can be read without its extension. https://alexgarcia.xyz/sqlite-vec/features/vec0.html */
export interface Vec0Table {
  readonly name: string;
  readonly columns: readonly Vec0Column[];
  /** Name of the primary key; null where only rowids number the rows. */
  readonly key: { readonly name: string; readonly isRowid: boolean } | null;
  /** SELECT of `rowid` and the columns. */
  readonly select: string;
}

/** null: no vec0 table. Text: why its shadow tables cannot be read. */
export function readVec0Table(connection: Connection, row: Pick<SchemaRow, 'name' | 'sql'>): Vec0Table | string | null {
  if (virtualModule(row) !== 'vec0') return null;
  const parts = moduleArguments(row.sql ?? '').flatMap((text) => readPart(text) ?? []);
  const table = tableOf(row.name, parts);
  try {
    connection.prepare(`${table.select} LIMIT 0`);
  } catch (error) {
    return `its shadow tables are not those that sqlite-vec writes (${error instanceof Error ? error.message : String(error)})`;
  }
  return table;
}

/** Makes each vec0 table readable under its own name in this connection, and in no other: a view in SQLite's memory for temporary things. */
export function openVec0Tables(connection: Connection): void {
  const rows = connection
    .prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE%VIRTUAL%vec0%'`)
    .all() as Pick<SchemaRow, 'name' | 'sql'>[];
  if (rows.length === 0) return;
  defineDecoders(connection);
  for (const row of rows) {
    const table = readVec0Table(connection, row);
    if (table !== null && typeof table !== 'string') connection.exec(`CREATE TEMP VIEW ${quoteName(table.name)} AS ${table.select}`);
  }
}

type Part =
  | {
      readonly kind: 'vector';
      readonly name: string;
      readonly element: 'float32' | 'int8' | 'bit';
      readonly length: number;
      readonly metric: Vec0Column['metric'];
    }
  | { readonly kind: 'key' | 'partition' | 'auxiliary' | 'metadata'; readonly name: string; readonly type: string };

const elements: Readonly<Record<string, 'float32' | 'int8' | 'bit'>> = {
  float: 'float32',
  f32: 'float32',
  int8: 'int8',
  i8: 'int8',
  bit: 'bit',
};

/** null: an option of the whole table. */
function readPart(text: string): Part | null {
  if (/^\w+\s*=/.test(text)) return null;
  const [, plus = '', quoted = '', rest = ''] = /^(\+?)\s*("(?:[^"]|"")*"|\[[^\]]*\]|`[^`]*`|'[^']*'|\w+)\s*([\s\S]*)$/.exec(text) ?? [];
  const name = unquote(quoted);
  const vector = /^(float|f32|int8|i8|bit)\s*\[\s*(\d+)\s*\]/i.exec(rest);
  if (vector !== null) {
    const metric = /distance_metric\s*=\s*(cosine|l2|l1)/i.exec(rest)?.[1]?.toLowerCase() as Vec0Column['metric'] | undefined;
    return {
      kind: 'vector',
      name,
      element: elements[(vector[1] ?? '').toLowerCase()] ?? 'float32',
      length: Number(vector[2]),
      metric: metric ?? null,
    };
  }
  const type = (/^\w*/.exec(rest)?.[0] ?? '').toUpperCase();
  if (plus !== '') return { kind: 'auxiliary', name, type };
  if (/\bprimary\s+key\b/i.test(rest)) return { kind: 'key', name, type };
  return { kind: /\bpartition\s+key\b/i.test(rest) ? 'partition' : 'metadata', name, type };
}

function tableOf(name: string, parts: readonly Part[]): Vec0Table {
  const numbers = { vector: 0, partition: 0, auxiliary: 0, metadata: 0 };
  const joins: string[] = [];
  const shadow = (suffix: string): string => `main.${quoteName(`${name}_${suffix}`)}`;
  const columns = parts.map((part): Vec0Column => {
    if (part.kind === 'key') return { name: part.name, declared: part.type, sql: part.type === 'TEXT' ? 'r.id' : 'r.rowid', metric: null };
    const number = String(numbers[part.kind]++).padStart(2, '0');
    if (part.kind === 'partition') return plain(part, `c.partition${number}`);
    if (part.kind === 'auxiliary') {
      if (number === '00') joins.push(`LEFT JOIN ${shadow('auxiliary')} AS x ON x.rowid = r.rowid`);
      return plain(part, `x.value${number}`);
    }
    if (part.kind === 'vector') {
      joins.push(`LEFT JOIN ${shadow(`vector_chunks${number}`)} AS v${number} ON v${number}.rowid = r.chunk_id`);
      return vectorColumn(part, `v${number}.vectors`);
    }
    joins.push(`LEFT JOIN ${shadow(`metadatachunks${number}`)} AS m${number} ON m${number}.rowid = r.chunk_id`);
    if (part.type !== 'TEXT') return plain(part, `sluice_vec0_${metadataKind(part.type)}(m${number}.data, r.chunk_offset)`);
    joins.push(`LEFT JOIN ${shadow(`metadatatext${number}`)} AS t${number} ON t${number}.rowid = r.rowid`);
    return plain(part, `coalesce(t${number}.data, sluice_vec0_text(m${number}.data, r.chunk_offset))`);
  });
  const chunks = numbers.partition > 0 ? [`LEFT JOIN ${shadow('chunks')} AS c ON c.chunk_id = r.chunk_id`] : [];
  const key = parts.find(({ kind }) => kind === 'key');
  const isRowid = key !== undefined && 'type' in key && key.type !== 'TEXT';
  const listed = columns.map(({ name: column, sql }) => `${sql} AS ${quoteName(column)}`);
  return {
    name,
    columns: key === undefined ? [{ name: 'rowid', declared: 'INTEGER', sql: 'r.rowid', metric: null }, ...columns] : columns,
    key: key === undefined ? null : { name: key.name, isRowid },
    select: `SELECT ${['r.rowid AS rowid', ...listed].join(', ')} FROM ${shadow('rowids')} AS r ${[...chunks, ...joins].join(' ')}`,
  };
}

function plain({ name, type }: Extract<Part, { type: string }>, sql: string): Vec0Column {
  return { name, declared: type, sql, metric: null };
}

/** int8 elements are read as float32, which holds each of them; bits stay packed. */
function vectorColumn({ name, element, length, metric }: Extract<Part, { kind: 'vector' }>, vectors: string): Vec0Column {
  const bytes = element === 'float32' ? length * 4 : element === 'int8' ? length : Math.ceil(length / 8);
  const slice = `substr(${vectors}, r.chunk_offset * ${bytes} + 1, ${bytes})`;
  if (element === 'bit') return { name, declared: `BIT_VECTOR(${length})`, sql: slice, metric };
  return { name, declared: `FLOAT32(${length})`, sql: element === 'int8' ? `sluice_vec0_int8(${slice})` : slice, metric };
}

function metadataKind(type: string): 'boolean' | 'integer' | 'float' {
  return /^BOOL/.test(type) ? 'boolean' : /^(?:FLOAT|DOUBLE)$/.test(type) ? 'float' : 'integer';
}

/** Metadata of a chunk is one blob: a bit, 8 bytes or 16 for each of its rows, little-endian. */
function defineDecoders(connection: Connection): void {
  const define = (name: string, decode: (data: Buffer, at: number) => unknown): void =>
    void connection.function(`sluice_vec0_${name}`, { deterministic: true, varargs: false }, (data: unknown, at: unknown) =>
      data instanceof Uint8Array ? decode(Buffer.from(data.buffer, data.byteOffset, data.length), Number(at)) : null,
    );
  define('boolean', (data, at) => BigInt(((data[at >> 3] ?? 0) >> (at & 7)) & 1));
  define('integer', (data, at) => data.readBigInt64LE(at * 8));
  define('float', (data, at) => data.readDoubleLE(at * 8));
  // Up to twelve bytes stand here; what is longer has its own table.
  define('text', (data, at) => data.toString('utf8', at * 16 + 4, at * 16 + 4 + Math.min(12, data.readUInt32LE(at * 16))));
  connection.function('sluice_vec0_int8', { deterministic: true }, (data: unknown) => {
    if (!(data instanceof Uint8Array)) return null;
    return Buffer.from(Float32Array.from(new Int8Array(data.buffer, data.byteOffset, data.length)).buffer);
  });
}
