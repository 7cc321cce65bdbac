import { InvalidText, type SourceValue } from '../model/source-value.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import type { Source } from '../sources/source.ts';

/** What kinds of values columns of the source hold; decides whether two unequal aggregates were comparable at all. */
export interface ColumnContent {
  /** `string`, `bigint`, `number`, `boolean`, `blob`, `invalid`. */
  readonly kinds: ReadonlySet<string>;
  readonly emptyTexts: number;
  /** By their text, those that the plan reads as NULL. */
  readonly nullTokens: ReadonlyMap<string, number>;
  readonly textsWithNul: number;
}

/** Reads some columns of a table again, by their names in the source. */
export async function readColumnContent(
  source: Source,
  table: CompiledTable,
  columns: readonly string[],
  signal: AbortSignal,
): Promise<ColumnContent[]> {
  const tokens = columns.map((name) => table.columns.find(({ from }) => from === name)?.nullTokens ?? []);
  const contents = columns.map(() => ({ kinds: new Set<string>(), emptyTexts: 0, nullTokens: new Map<string, number>(), textsWithNul: 0 }));
  for await (const batch of source.readBatches(table.from, { columns, signal })) {
    for (const row of batch.rows) {
      contents.forEach((content, i) => {
        const value = row[i] ?? null;
        if (value === null) return;
        if (typeof value === 'string' && tokens[i]?.includes(value) === true) {
          content.nullTokens.set(value, (content.nullTokens.get(value) ?? 0) + 1);
          return;
        }
        content.kinds.add(kindOf(value));
        if (value === '') content.emptyTexts++;
        if (typeof value === 'string' && value.includes('\0')) content.textsWithNul++;
      });
    }
  }
  return contents;
}

function kindOf(value: Exclude<SourceValue, null>): string {
  if (typeof value !== 'object') return typeof value;
  return value instanceof InvalidText ? 'invalid' : 'blob';
}
