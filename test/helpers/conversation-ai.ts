import { join } from 'node:path';
import { inDuckDb } from './duckdb.ts';
import { projectRoot } from './run-cli.ts';

/** How a cell of both sides is brought to one form. */
type Kind = 'text' | 'real32' | 'real64' | 'vector' | 'instant' | 'instant-ns';

export interface ConversationTable {
  readonly name: string;
  readonly rows: number;
  readonly columns: Readonly<Record<string, Kind>>;
  /** Columns that order the rows on both sides. */
  readonly key: readonly string[];
}

export const conversationSample = join(projectRoot, 'samples/conversation-ai');
export const conversationStore = join(conversationSample, 'conversation_ai.db');

/** The seven tables of samples/conversation-ai. */
export const conversationTables: readonly ConversationTable[] = [
  table('users', 40, { id: 'text', name: 'text', email: 'text', created_at: 'instant' }),
  table('conversation_partners', 60, {
    id: 'text',
    user_id: 'text',
    name: 'text',
    relationship: 'text',
    image_embedding: 'vector',
    created_at: 'instant',
  }),
  table('conversations', 234, {
    id: 'text',
    user_id: 'text',
    partner_id: 'text',
    title: 'text',
    transcript: 'text',
    started_at: 'instant',
    ended_at: 'instant',
    created_at: 'instant',
  }),
  table('messages', 822, {
    id: 'text',
    conversation_id: 'text',
    speaker: 'text',
    content: 'text',
    embedding: 'vector',
    created_at: 'instant',
  }),
  table('topics', 8, { id: 'text', name: 'text' }),
  table('conversation_topics', 325, { conversation_id: 'text', topic_id: 'text', relevance: 'real64' }, ['conversation_id', 'topic_id']),
  table('extracted_facts', 410, {
    id: 'text',
    conversation_id: 'text',
    partner_id: 'text',
    fact: 'text',
    confidence: 'real32',
    valid_from: 'instant-ns',
    created_at: 'instant',
  }),
];

/** Rows without a conversation: table, how many, how many of them are listed. */
export const conversationOrphans: readonly (readonly [table: string, total: number, listed: number])[] = [
  ['public.extracted_facts', 3, 3],
  ['public.messages', 8, 8],
];

/** The statement that gives one JSON array of texts for each row of the target. */
export function targetRowsSql({ name, columns, key }: ConversationTable): string {
  const cells = Object.entries(columns).map(([column, kind]) => (kind.startsWith('instant') ? targetInstant(column) : `${column}::text`));
  return `SELECT json_build_array(${cells.join(', ')})::text FROM public.${name} ORDER BY ${key.join(', ')}`;
}

/** Whatever the session's time zone: the plans carry times as `timestamptz`, and one as `timestamp`, which is read as UTC. */
function targetInstant(column: string): string {
  const utc = column === 'valid_from' ? column : `${column} AT TIME ZONE 'UTC'`;
  return `to_char(${utc}, 'YYYY-MM-DD HH24:MI:SS.US')`;
}

/** Every cell of a table as DuckDB itself tells it, in the form of `normalRows`. */
export async function sourceRows({ name, columns, key }: ConversationTable): Promise<readonly (readonly (string | null)[])[]> {
  const cells = Object.entries(columns).map(([column, kind]) => sourceCell(column, kind));
  const sql = `SELECT ${cells.join(', ')} FROM ${name} ORDER BY ${key.join(', ')}`;
  const rows = await askStore(sql);
  return normalRows(columns, rows);
}

/** What a query over the store gives, cells as text; the file is opened for reading only. */
export function askStore(sql: string): Promise<readonly (readonly (string | null)[])[]> {
  return inDuckDb(
    conversationStore,
    async (connection) => {
      const rows = (await connection.runAndReadAll(sql)).getRows();
      return rows.map((row) => row.map((cell) => (cell === null ? null : String(cell))));
    },
    { access_mode: 'READ_ONLY' },
  );
}

function sourceCell(column: string, kind: Kind): string {
  if (kind === 'instant') return `strftime(${column}, '%Y-%m-%d %H:%M:%S.%f')`;
  // Half a microsecond and more is rounded up, as PostgreSQL does; DuckDB's own cast cuts off, and its // cuts towards zero.
  if (kind === 'instant-ns') {
    const up = `(epoch_ns(${column}) + 500)`;
    return `strftime(make_timestamp((${up} - ((${up} % 1000) + 1000) % 1000) // 1000), '%Y-%m-%d %H:%M:%S.%f')`;
  }
  return `${column}::VARCHAR`;
}

/** Numbers as their bits: how a program prints them does not count. */
export function normalRows(
  columns: ConversationTable['columns'],
  rows: readonly (readonly (string | null)[])[],
): readonly (readonly (string | null)[])[] {
  const kinds = Object.values(columns);
  return rows.map((row) => row.map((cell, i) => (cell === null ? null : normalCell(cell, kinds[i] ?? 'text'))));
}

function normalCell(cell: string, kind: Kind): string {
  if (kind === 'real64') return bits(Float64Array.of(Number(cell)));
  if (kind === 'real32') return bits(Float32Array.of(Number(cell)));
  if (kind === 'vector') return bits(Float32Array.from(JSON.parse(cell) as number[]));
  return cell;
}

function bits(numbers: Float32Array | Float64Array): string {
  return Buffer.from(numbers.buffer).toString('hex');
}

function table(name: string, rows: number, columns: ConversationTable['columns'], key: readonly string[] = ['id']): ConversationTable {
  return { name, rows, columns, key };
}
