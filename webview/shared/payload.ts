import type { Cell, RowsColumn } from '../../src/core/model/rows.ts';
import { cellText } from '../../src/core/model/cell-text.ts';
import { labelColumn, textTypes } from '../../src/core/model/label-column.ts';

/** A row in words: what names it, and what else is short enough to stand beside it. */
export interface RowWords {
  readonly title: string;
  /** A longer text, null when the row has none. */
  readonly body: string | null;
  readonly facts: readonly { readonly name: string; readonly value: string | null; readonly isKey: boolean }[];
}

/** From this length on a text is a body and no fact. */
const bodyLength = 60;

/** Position of the column that names a row best; -1 without columns. */
export function titleColumn(columns: readonly RowsColumn[]): number {
  const found = labelColumn(columns);
  return found === null ? -1 : columns.indexOf(found);
}

/** `key`: stands in for a title that is NULL or empty. */
export function rowWords(columns: readonly RowsColumn[], row: readonly Cell[], key: readonly string[]): RowWords {
  const titleAt = titleColumn(columns);
  const values = columns.map((_, i) => cellText(row[i] ?? null));
  const bodyAt = columns.findIndex((column, i) => i !== titleAt && textTypes.test(column.type) && (values[i]?.length ?? 0) >= bodyLength);
  const facts = columns.flatMap((column, i) =>
    i === titleAt || i === bodyAt ? [] : [{ name: column.name, value: values[i] ?? null, isKey: column.key !== null }],
  );
  return { title: oneLine(values[titleAt] ?? '') || key.join(', '), body: bodyAt < 0 ? null : (values[bodyAt] ?? null), facts };
}

/** A few facts in one line, short ones only and no keys: "water · assigned · 26 Feb". */
export function factLine(words: RowWords, most = 4): string {
  return words.facts
    .flatMap(({ value, isKey }) => (isKey || value === null || value === '' || value.length > 40 ? [] : [oneLine(value)]))
    .slice(0, most)
    .join(' · ');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
