import type { ExistingColumn } from '../../model/existing-table.ts';
import { quoteIdentifier } from '../quote.ts';

/**
 * A row as an array of texts, one for each column. Every type prints what it reads back, under the settings that each session of Sluice has; JSON
 * would lose the spelling of `json`, the scale of nested numbers and NaN.
 */
export function rowTexts(alias: string, columns: readonly Pick<ExistingColumn, 'name'>[]): string {
  return `ARRAY[${columns.map(({ name }) => `${alias}.${quoteIdentifier(name)}::text`).join(', ')}]::text[]`;
}

/** 32 bytes that say whether a row is what it was. */
export function rowDigest(alias: string, columns: readonly Pick<ExistingColumn, 'name'>[]): string {
  return textsDigest(rowTexts(alias, columns));
}

export function textsDigest(texts: string): string {
  return `sha256(convert_to((${texts})::text, 'UTF8'))`;
}

/** The column as one element of a text array gives it back. */
export function fromTexts(texts: string, position: number, type: string): string {
  return `(${texts}[${position + 1}])::${type}`;
}
