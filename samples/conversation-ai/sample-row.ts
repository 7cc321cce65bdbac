/** Column → value; times and lists as DuckDB reads them from text. Column order is the order of the keys. */
export type SampleRow = Readonly<Record<string, string | number | null>>;

export type TableName =
  'users' | 'conversation_partners' | 'conversations' | 'messages' | 'topics' | 'conversation_topics' | 'extracted_facts';

export interface SampleTable {
  readonly name: TableName;
  readonly rows: readonly SampleRow[];
  /** How often the sequence behind `id` was asked: rows that were deleted since count too. 0 = there is none. */
  readonly numbered: number;
}

/** `2024-03-01 12:34:56.000000`, UTC without saying so. */
export function storeTime(second: number, microseconds = 0): string {
  return `${new Date(second * 1000).toISOString().slice(0, 19).replace('T', ' ')}.${String(microseconds).padStart(6, '0')}`;
}
