import { documents, formats } from '../../mapping/contradictions.ts';
import { fitExpression } from '../../mapping/expressions/fit-type.ts';
import { readsAlike, unlikeReason } from '../../mapping/expressions/reads-alike.ts';
import { translateExpression } from '../../mapping/expressions/translate-expression.ts';
import { storageOf } from './expression-columns.ts';
import { noting } from './index-parts.ts';
import type { ColumnDraft, TableDraft } from './table-draft.ts';

/**
 * PostgreSQL's expression for a generated column (S20), or why its values are copied instead. Whether both compute the same is not trusted:
 * verification compares every value.
 */
export function planGenerated(draft: TableDraft, column: ColumnDraft): { readonly sql: string } | { readonly refused: string } {
  const expression = column.column.generated?.expression ?? '';
  const reason = reasonToCopy(draft, column) ?? (readsAlike(expression, draft.typeOptions.dialect) ? null : unlikeReason);
  if (reason !== null) return { refused: reason };
  const seen = new Set<ColumnDraft>();
  const translated = translateExpression(expression, noting(draft, seen), 'generated');
  if ([...seen].some((used) => used.column.generated !== null)) return { refused: 'it is computed from another generated column' };
  if ('refused' in translated) return translated;
  const { profile, choice } = column;
  if (translated.family === 'json-leaf' && documents(profile) + formats(profile, 'vector') > 0)
    return { refused: 'the part of the document may be a document itself' };
  const sql = fitExpression(translated, choice.mapping.type.name, storageOf(profile));
  return sql === null ? { refused: `the values are ${choice.type}, which the expression does not give in PostgreSQL` } : { sql };
}

function reasonToCopy({ table }: TableDraft, { column, choice, profile }: ColumnDraft): string | null {
  const isNamed = (names: readonly string[]): boolean => names.some((name) => name.toLowerCase() === column.name.toLowerCase());
  if (isNamed(table.primaryKey)) return 'it is part of the primary key';
  if (table.foreignKeys.some((key) => isNamed(key.columns))) return 'it is part of a foreign key';
  if (choice.convert !== null || choice.expectedRejects > 0 || choice.loss === 'rounded' || choice.loss === 'lossy')
    return 'its values are converted';
  return profile.realNonFinite > 0 ? 'some of its values are infinite' : null;
}
