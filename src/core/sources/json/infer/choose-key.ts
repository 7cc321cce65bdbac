import type { CatalogColumn } from '../../../model/catalog.ts';
import { plural } from '../../../model/plural.ts';
import type { Collection } from './collections.ts';
import { columnAt } from './columns-of.ts';
import { keyNames } from './key-values.ts';

/** What tells documents apart, and how their children say whose they are. */
export interface DocumentKey {
  readonly primaryKey: readonly string[];
  /** Columns that only the key needs. */
  readonly columns: readonly CatalogColumn[];
  /** The same values read from a child. `base`: name of the table of documents. */
  inChild(base: string): readonly CatalogColumn[];
  readonly notes: readonly string[];
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

/**
 * A key of the documents that is in each of them and nowhere twice; with the parts of the path that differ, where it is twice; else the path itself, where
 * each file is one document; else, for their children, the number of the document in its file.
 */
export function chooseKey(
  { keys, documents, broken, single, shape }: Collection,
  segments: readonly string[],
  { children, files }: { readonly children: boolean; readonly files: number },
): DocumentKey {
  const good = documents - broken;
  const name = keyNames.find((one) => keys.get(one)?.found === good);
  const again = name === undefined ? null : (keys.get(name)?.again() ?? null);
  const whole = segments.map((segment) => columnAt({ segment }, segment, 'path', false));
  if (name !== undefined && again?.anywhere === 0 && good > 0) return byKey(name, declared(shape, name), [], []);
  const folders = whole.filter((column) => column.name !== '{file}');
  if (name !== undefined && again?.inFolder === 0 && folders.length > 0 && good > 0)
    return byKey(name, declared(shape, name), folders, [clash(name, again.anywhere, 'the folders are part of the key')]);
  const warnings = name !== undefined && again !== null && again.anywhere > 0 ? [clash(name, again.anywhere, 'it is no key')] : [];
  if (single && files > 1) {
    const path = whole.some((column) => column.name === '{file}') ? whole : [columnAt({ fact: 'file' }, 'file', 'path', false)];
    const columns = path === whole ? [] : path;
    return { primaryKey: path.map((column) => column.name), columns, inChild: () => path, notes: [], warnings };
  }
  if (!children) return { primaryKey: [], columns: [], inChild: () => [], notes: [], warnings };
  const places = [
    ...(files > 1 ? [columnAt({ fact: 'file' }, 'file', 'path', false)] : []),
    ...(single ? [] : [columnAt({ fact: 'document' }, 'document_number', 'integer', false)]),
  ];
  return { primaryKey: places.map((column) => column.name), columns: places, inChild: () => places, notes: [], warnings };
}

function byKey(name: string, type: string, folders: readonly CatalogColumn[], warnings: DocumentKey['warnings']): DocumentKey {
  return {
    primaryKey: [...folders.map((column) => column.name), `/${name}`],
    columns: [],
    inChild: (base) => [...folders, columnAt({ parent: [name] }, `${base}_${name.replace(/^_/, '')}`, type, false)],
    notes: [],
    warnings,
  };
}

function declared({ fields }: Collection['shape'], name: string): string {
  const counts = fields.get(name)?.counts;
  return counts?.string === 0 ? 'integer' : counts?.integer === 0 ? 'string' : 'mixed';
}

function clash(name: string, again: number, so: string): { readonly code: string; readonly message: string } {
  return { code: 'key-clash', message: `${plural(again, 'document')} with a value of /${name} that another document has already; ${so}.` };
}
