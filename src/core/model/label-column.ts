import type { RowsColumn } from './rows.ts';

const names = ['title', 'name', 'label', 'subject', 'headline', 'summary', 'caption', 'question', 'text', 'content', 'body', 'description'];
/** Types of PostgreSQL whose values are texts. */
export const textTypes = /^(text|character varying|varchar|citext|char)/;

/** The column that names a row best: by its name, else the first text that is no key, else the first column. */
export function labelColumn(columns: readonly RowsColumn[]): RowsColumn | null {
  const texts = columns.filter(({ type }) => textTypes.test(type));
  for (const name of names) {
    const found = texts.find((column) => column.name.toLowerCase().replace(/^.*_/, '') === name);
    if (found !== undefined) return found;
  }
  return texts.find(({ key, references }) => key === null && references === null) ?? columns[0] ?? null;
}
