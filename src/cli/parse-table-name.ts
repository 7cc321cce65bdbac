import { MigrationError } from '../core/index.ts';

const quoted = /^"((?:[^"]|"")+)"$/;
const twoParts = /^("(?:[^"]|"")+"|[^."]+)\.("(?:[^"]|"")+"|[^"]+)$/;

/** `reports`, `public.reports`, `"odd.schema"."odd ""table"`. Without a schema, public; names are taken as they are written, not folded. */
export function parseTableName(text: string): { readonly schema: string; readonly table: string } {
  const parts = twoParts.exec(text);
  if (parts !== null) return { schema: unquoted(parts[1] ?? ''), table: unquoted(parts[2] ?? '') };
  if (text === '' || (text.includes('"') && !quoted.test(text)) || (text.includes('.') && !quoted.test(text)))
    throw new MigrationError('bad-usage', {
      context: { detail: `"${text}" is no name of a table`, hint: 'Write schema.table, with odd names in double quotes.' },
    });
  return { schema: 'public', table: unquoted(text) };
}

function unquoted(name: string): string {
  const inner = quoted.exec(name)?.[1];
  return inner === undefined ? name : inner.replaceAll('""', '"');
}
