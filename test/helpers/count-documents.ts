import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocumentTable } from '../../src/core/model/document-names.ts';

/** Rows of `$` and `$.key[*]` in a tree of files with one document each, as JavaScript's own parser finds them; a broken one is a row of the first table. */
export function countDocumentRows(folder: string, tables: readonly string[]): readonly (readonly [string, number])[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
  const documents = files.map((name) => parsed(readFileSync(join(folder, name), 'utf8')));
  return tables.map((table, i) => {
    const [step] = parseDocumentTable(table)?.path ?? [];
    const rowsOf = (document: unknown): number => {
      if (document === undefined) return i === 0 ? 1 : 0;
      if (step === undefined || 'each' in step) return 1;
      const elements = (document as Record<string, unknown>)[step.key];
      return Array.isArray(elements) ? elements.length : 0;
    };
    return [table, documents.reduce((sum: number, document) => sum + rowsOf(document), 0)];
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
