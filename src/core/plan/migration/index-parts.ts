import type { ExpressionColumns } from '../../mapping/expressions/expression-column.ts';
import { readsAlike, unlikeReason } from '../../mapping/expressions/reads-alike.ts';
import { translateExpression } from '../../mapping/expressions/translate-expression.ts';
import type { CatalogIndexPart } from '../../model/catalog.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import type { PlanInput } from '../plan-schema.ts';
import { expressionColumns } from './expression-columns.ts';
import { collatedExpression, foldedExpression, largestKey, maxKeyBytes } from './key-columns.ts';
import { findColumn, type ColumnDraft, type TableDraft } from './table-draft.ts';

type PlanIndexInput = NonNullable<PlanInput['tables'][number]['indexes']>[number];

/** A part of an index on its way into a plan: a column as it is, or an expression over some. */
export interface IndexPart {
  readonly expression: string | null;
  /** The column itself, or those whose length decides that of the expression. */
  readonly columns: readonly ColumnDraft[];
  readonly descending: boolean;
}

/** The part in PostgreSQL's words, or why there is none. A column that compares without case is indexed by its folded text (S28). */
export function planPart(draft: TableDraft, part: CatalogIndexPart, unique: boolean): IndexPart | string {
  const { descending } = part;
  const column = part.column === null ? null : findColumn(draft, part.column);
  if (column?.choice.mapping.type.name === 'vector') return `${column.column.name} is a vector now and gets an index for vectors`;
  if (column !== null) return { expression: foldedExpression(column, part.collation), columns: [column], descending };
  if (part.expression === null || part.expression === '') return 'the text of its expression cannot be read';
  if (!readsAlike(part.expression, draft.typeOptions.dialect))
    return `its expression ${part.expression} has no counterpart: ${unlikeReason}`;
  const used = new Set<ColumnDraft>();
  const translated = translateExpression(part.expression, noting(draft, used), unique ? 'unique-index' : 'index');
  if ('refused' in translated) return `its expression ${part.expression} has no counterpart: ${translated.refused}`;
  if (translated.family === 'json-leaf' && unique) return `${part.expression} may be of several kinds, which are one as texts`;
  const expression = translated.family === 'text' ? collatedExpression(translated.sql, part.collation) : translated.sql;
  if (expression === null) return `the collation ${part.collation ?? ''} of ${part.expression} is unknown`;
  const isShort = ['integer', 'real', 'decimal', 'boolean'].includes(translated.family);
  return { expression, columns: isShort ? [] : [...used], descending };
}

/** Notes which columns an expression reads. */
export function noting(draft: TableDraft, used: Set<ColumnDraft>): ExpressionColumns {
  const columns = expressionColumns(draft);
  return (name) => {
    const found = findColumn(draft, name);
    if (found !== null) used.add(found);
    return columns(name);
  };
}

/** The largest entry that an index over these parts may need. */
export function largestEntry(parts: readonly IndexPart[]): number {
  return largestKey([...new Set(parts.flatMap(({ columns }) => columns))]);
}

/** The parts with long columns said in short, so that an entry fits a btree (S46): sums where values must stay different, else their beginnings. */
export function shortened(parts: readonly IndexPart[], unique: boolean): readonly IndexPart[] {
  const share = Math.floor(maxKeyBytes / Math.max(1, parts.length));
  return parts.map((part) => (largestKey(part.columns) <= share ? part : shortenedPart(part, unique, share)));
}

function shortenedPart(part: IndexPart, unique: boolean, share: number): IndexPart {
  const column = part.columns[0] as ColumnDraft;
  const type = column.choice.mapping.type.name;
  const value = part.expression ?? quoteIdentifier(column.to);
  if (unique || type === 'jsonb') return { ...part, expression: type === 'jsonb' ? `md5(${value}::text)` : `md5(${value})` };
  // A character has at most four bytes.
  return { ...part, expression: type === 'bytea' ? `substr(${value}, 1, ${share - 50})` : `left(${value}, ${Math.floor(share / 4) - 10})` };
}

/** As a plan writes them; one expression at the end keeps the shorter form. */
export function writtenParts(parts: readonly IndexPart[]): Pick<PlanIndexInput, 'columns' | 'expression'> {
  const last = parts.at(-1);
  const tail = last !== undefined && last.expression !== null && !last.descending ? last.expression : null;
  const listed = (tail === null ? parts : parts.slice(0, -1)).map(({ expression, columns, descending }) => {
    const order = descending ? { descending } : {};
    if (expression !== null) return { expression, ...order };
    const column = columns[0]?.to as string;
    return descending ? { column, ...order } : column;
  });
  return { ...(listed.length === 0 ? {} : { columns: listed }), ...(tail === null ? {} : { expression: tail }) };
}
