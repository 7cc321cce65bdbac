import { formatDocumentPath, parseDocumentPath, type PathStep } from './document-path.ts';
import { formatPointer, parsePointer } from './json-pointer.ts';

/** Where the rows of a table of documents are. */
export interface DocumentTable {
  /** A glob relative to the source's location, or `*` where the source is one file. */
  readonly files: string;
  /** From a document to the elements that are rows; empty = each document is a row. */
  readonly path: readonly PathStep[];
}

/** What a column of a table of documents holds. */
export type DocumentColumn =
  /** Inside of the element; no keys = the element itself. */
  | { readonly pointer: readonly string[] }
  /** Inside of the document that has the element. */
  | { readonly parent: readonly string[] }
  /** Name of the entry of a map, position in the array from 0, number of the document in its file from 0, or the file relative to the source's root. */
  | { readonly fact: DocumentFact }
  /** Place in its array, or key in its map, of an element that has this one, so many arrays and maps above it: 1 = the nearest. */
  | { readonly outer: 'position' | 'key'; readonly levels: number }
  /** The JSON of what is at a pointer inside of the element, a text with its quotes and JSON's null as `null`. */
  | { readonly json: readonly string[] }
  /** Elements or entries of what is at a pointer inside of the element. */
  | { readonly count: readonly string[] }
  /** A part of the file's path that the source's pattern names. */
  | { readonly segment: string };

export type DocumentFact = (typeof documentFacts)[number];

export const documentFacts = ['key', 'position', 'document', 'file'] as const;

/** The name of a table of documents: `data/*.json $.messages[*]`. */
export function formatDocumentTable({ files, path }: DocumentTable): string {
  return `${files} ${formatDocumentPath(path)}`;
}

/** null when the text does not name a table of documents. */
export function parseDocumentTable(text: string): DocumentTable | null {
  // No bare key has a blank, so the first place where the rest is a path is where it begins.
  for (let at = text.indexOf(' $'); at >= 0; at = text.indexOf(' $', at + 1)) {
    const path = parseDocumentPath(text.slice(at + 1));
    if (path !== null) return at === 0 ? null : { files: text.slice(0, at), path };
  }
  return null;
}

/** The name of a column: a JSON Pointer, `^`, `#json` or `#count` and a pointer, `#key` and the other facts, `#position^` with a `^` for each level, or `{user_id}`. */
export function formatDocumentColumn(column: DocumentColumn): string {
  if ('pointer' in column) return formatPointer(column.pointer);
  if ('parent' in column) return `^${formatPointer(column.parent)}`;
  if ('json' in column) return `#json${formatPointer(column.json)}`;
  if ('count' in column) return `#count${formatPointer(column.count)}`;
  if ('outer' in column) return `#${column.outer}${'^'.repeat(column.levels)}`;
  return 'fact' in column ? `#${column.fact}` : `{${column.segment}}`;
}

/** null when the text does not name a column of a table of documents. */
export function parseDocumentColumn(text: string): DocumentColumn | null {
  const fact = documentFacts.find((name) => text === `#${name}`);
  if (fact !== undefined) return { fact };
  const [, outer, levels = ''] = /^#(position|key)(\^+)$/.exec(text) ?? [];
  if (outer === 'position' || outer === 'key') return { outer, levels: levels.length };
  const segment = /^\{([^{}]+)\}$/.exec(text)?.[1];
  if (segment !== undefined) return { segment };
  const [, sign = '', rest = ''] = /^(\^|#json|#count)?(.*)$/s.exec(text) ?? [];
  const pointer = parsePointer(rest);
  if (pointer === null) return null;
  if (sign === '') return { pointer };
  return sign === '^' ? { parent: pointer } : sign === '#json' ? { json: pointer } : { count: pointer };
}
