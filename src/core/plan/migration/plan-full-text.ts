import { nameIdentifiers, type IdentifierStyle } from '../../mapping/identifiers.ts';
import type { PlanFullText } from '../plan-schema.ts';
import type { Remarks } from './remarks.ts';
import { findColumns, type TableDraft } from './table-draft.ts';

/** A tsvector holds 1 MB of words; a text below this cannot have more. https://www.postgresql.org/docs/current/textsearch-limitations.html */
const mostTextBytes = 256 << 10;

/** Full-text search for a table whose texts the store indexes by itself (S22). */
export function planFullText(draft: TableDraft, style: IdentifierStyle, remarks: Remarks): PlanFullText | null {
  const { fullText, name: table } = draft.table;
  if (fullText === undefined) return null;
  const columns = findColumns(draft, fullText.columns) ?? [];
  const isText =
    columns.length > 0 &&
    columns.every(({ choice, column }) => ['text', 'varchar'].includes(choice.mapping.type.name) && column.generated === null);
  const bytes = columns.reduce((sum, { profile }) => sum + Math.max(profile.textMaxBytes, profile.blobMaxBytes), 0);
  if (!isText || bytes > mostTextBytes) {
    const reason = isText
      ? `a row has up to ${bytes} bytes of text, more than is sure to fit a tsvector`
      : 'not all of its columns are texts of their own';
    remarks.warn('no-full-text', `Full-text search of ${fullText.name} is not carried over: ${reason}.`, table);
    return null;
  }
  const { config, reason } = chooseConfig(fullText.tokenizer);
  const taken = new Set(draft.columns.map(({ to }) => to));
  const column = nameIdentifiers(['search'], style, taken)[0]?.to ?? 'search';
  remarks.warn(
    'full-text',
    `Full-text search of ${fullText.name} becomes the column ${column} (tsvector, configuration ${config}: ${reason}) with a GIN index. ` +
      `Queries change from MATCH to ${column} @@ websearch_to_tsquery('${config}', …), and bm25() to ts_rank().`,
    table,
  );
  return { column, from: columns.map(({ to }) => to), config };
}

/** The tokenizer is the evidence: porter cuts English endings, nothing else does. */
function chooseConfig(tokenizer: string): { readonly config: string; readonly reason: string } {
  const said = tokenizer === '' ? 'the default tokenizer' : `the tokenizer ${tokenizer}`;
  if (/\bporter\b/i.test(tokenizer)) return { config: 'english', reason: `${said} cuts English endings` };
  if (/\btrigram\b/i.test(tokenizer))
    return { config: 'simple', reason: `${said} finds parts of words, which only an index of pg_trgm does in PostgreSQL` };
  return { config: 'simple', reason: `${said} takes words as they are` };
}
