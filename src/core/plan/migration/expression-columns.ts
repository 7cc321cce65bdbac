import { countEmptyAsNull, formats } from '../../mapping/contradictions.ts';
import type { ExpressionColumns, StorageClass } from '../../mapping/expressions/expression-column.ts';
import type { ColumnProfile } from '../../model/column-profile.ts';
import { findColumn, type ColumnDraft, type TableDraft } from './table-draft.ts';

/** How expressions name the columns of a table; a column whose values are converted on the way compares with nothing that the store wrote. */
export function expressionColumns(draft: TableDraft): ExpressionColumns {
  return (name) => {
    const found = findColumn(draft, name);
    if (found === null) return null;
    const { column, profile, choice, to } = found;
    return {
      to,
      type: isConverted(found) ? 'other' : choice.mapping.type.name,
      collation: column.collation,
      storage: storageOf(profile),
      gainsNulls: countEmptyAsNull(choice.mapping.type, profile, draft.typeOptions) > 0,
    };
  };
}

/** The one storage class of a column's values; null when there are several, or none. */
export function storageOf({ rows, nulls, integers, reals, texts, blobs }: ColumnProfile): StorageClass | null {
  const filled = rows - nulls;
  const classes = { integer: integers, real: reals, text: texts, blob: blobs };
  const found = (Object.keys(classes) as StorageClass[]).find((name) => classes[name] === filled);
  return filled === 0 ? null : (found ?? null);
}

/** What SQLite compares by its storage class is another thing once texts have become numbers, or numbers texts. */
function isConverted({ profile, choice }: ColumnDraft): boolean {
  if (choice.convert !== null || choice.loss === 'rounded' || choice.loss === 'lossy') return true;
  const name = choice.mapping.type.name;
  const numbers = profile.integers + profile.reals;
  if (name === 'text' || name === 'varchar') return numbers > 0;
  if (name === 'bytea') return numbers + profile.texts > 0;
  if (name === 'boolean') return formats(profile, 'boolean') > 0;
  return ['smallint', 'integer', 'bigint', 'numeric', 'double precision'].includes(name) && formats(profile, 'integer', 'decimal') > 0;
}
