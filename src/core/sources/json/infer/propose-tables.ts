import type { CatalogColumn, CatalogForeignKey, CatalogTable } from '../../../model/catalog.ts';
import { formatDocumentColumn, formatDocumentTable, parseDocumentColumn } from '../../../model/document-names.ts';
import type { PathStep } from '../../../model/document-path.ts';
import { nameOfFile } from '../../../model/store-location.ts';
import type { FileSet } from '../../shared/files/file-set.ts';
import type { DocumentFiles, FileForm } from '../document-files.ts';
import type { PathPattern } from '../path-pattern.ts';
import type { Collection } from './collections.ts';
import { columnAt, columnsOf, type ChildShape } from './columns-of.ts';
import { describeCollection, warnOfCollection } from './describe-collection.ts';
import { globOf } from './glob-of.ts';
import { mergedEntries } from './map-entries.ts';
import { chooseKey } from './choose-key.ts';

export interface ProposalInput {
  readonly set: FileSet;
  readonly pattern: PathPattern | null;
  readonly files: DocumentFiles;
  readonly collections: readonly Collection[];
}

/** The tables that a person would start from: one for each collection of files, and one for each array of objects in its documents or in their elements. */
export function proposeTables(input: ProposalInput): readonly CatalogTable[] {
  const names = new Names();
  return input.collections.flatMap((collection, i) => tablesOf(collection, input, names, i === 0));
}

class Names {
  readonly #used = new Set<string>();

  take(...wanted: readonly string[]): string {
    const free = wanted.find((name) => !this.#used.has(name));
    let name = free ?? wanted.at(-1) ?? 'documents';
    for (let n = 2; this.#used.has(name); n++) name = `${wanted.at(-1) ?? ''}_${n}`;
    this.#used.add(name);
    return name;
  }
}

function tablesOf(collection: Collection, input: ProposalInput, names: Names, first: boolean): readonly CatalogTable[] {
  const { set } = input;
  const own = surveyFiles(collection, input);
  const files = globOf(collection.files, input.files, set.single);
  const top: readonly PathStep[] = own.forms.size === 1 && own.forms.has('array') ? [{ each: 'element' }] : [];
  const base = baseName(collection, input);
  const isOne = collection.documents === 1;
  const rootMap = isOne ? mergedEntries(collection.shape) : null;
  const found = rootMap === null ? columnsOf(collection.shape, 'all') : { columns: [], children: [mapOf(collection, rootMap)] };
  const segments = [...own.segments].filter(([, { several }]) => several).map(([name]) => name);
  const key = chooseKey(collection, segments, { children: found.children.length > 0 && !isOne, files: collection.files.length });
  const facts = { ...collection, notes: [...describeCollection(collection, own.forms, first ? set.passedOver : []), ...key.notes] };
  const takeNames = (): readonly string[] =>
    found.children.map((child) => names.take(lastOf(child.keys, base), `${base}_${child.keys.join('_')}`));
  const before = isOne ? takeNames() : null;
  const hasRoot = found.columns.length > 0 || found.children.length === 0;
  const root = hasRoot ? names.take(base, ...(isOne && found.children.length > 0 ? [`${base}_document`] : [])) : '';
  const rootName = formatDocumentTable({ files, path: top });
  const pathColumns = segments.map((name) => columnAt({ segment: name }, name, 'path', own.segments.get(name)?.missing === true));
  const rootTable: CatalogTable = {
    ...bare(rootName, root),
    columns: [...key.columns, ...pathColumns, ...found.columns],
    primaryKey: key.primaryKey,
    rows: collection.documents,
    notes: facts.notes,
    ...warningsOf([...warnOfCollection(collection), ...key.warnings]),
  };
  const childNames = before ?? takeNames();
  const parent = { name: rootName, path: top, key: isOne ? [] : key.primaryKey, inChild: isOne ? [] : key.inChild(base), isDocument: true };
  const children = found.children.flatMap((child, i): readonly CatalogTable[] => {
    return childTables(child, parent, { name: childNames[i]!, files, names, isOne, notes: hasRoot || i > 0 ? [] : facts.notes });
  });
  return hasRoot ? [rootTable, ...children] : children;
}

/** What the files of a collection have in common. */
interface SurveyedFiles {
  readonly forms: ReadonlyMap<FileForm, number>;
  /** By the name of a part of the path: whether it differs, and whether a file has none. */
  readonly segments: ReadonlyMap<string, { readonly first: string | undefined; several: boolean; missing: boolean }>;
}

function surveyFiles({ files: names }: Collection, { files, pattern }: ProposalInput): SurveyedFiles {
  const forms = new Map<FileForm, number>();
  const segments = new Map<string, { first: string | undefined; several: boolean; missing: boolean }>();
  for (const file of names) {
    const number = files.numberOf(file);
    const form = files.formAt(number);
    forms.set(form, (forms.get(form) ?? 0) + 1);
    const values = files.segmentsAt(number);
    for (const name of pattern?.names ?? []) {
      const value = values[name];
      const known = segments.get(name) ?? { first: value, several: false, missing: false };
      known.several ||= known.first !== value;
      known.missing ||= value === undefined;
      segments.set(name, known);
    }
  }
  return { forms, segments };
}

/** The table that the rows of a child belong to. */
interface ParentTable {
  readonly name: string;
  readonly path: readonly PathStep[];
  readonly key: readonly string[];
  /** The same values read from a row of the child. */
  readonly inChild: readonly CatalogColumn[];
  /** Its rows are documents, and no elements themselves. */
  readonly isDocument: boolean;
}

interface ChildFacts {
  readonly name: string;
  readonly files: string;
  readonly names: Names;
  /** There is one document only. */
  readonly isOne: boolean;
  readonly notes: readonly string[];
}

/** The table of a child, and those of the arrays of objects in its elements: each has the key of the one above it and the place. */
function childTables(child: ChildShape, parent: ParentTable, { name: bareName, files, names, isOne, notes }: ChildFacts): CatalogTable[] {
  const path: PathStep[] = [...parent.path, ...child.keys.map((one) => ({ key: one })), { each: child.each }];
  const name = formatDocumentTable({ files, path });
  const isEntry = child.each === 'entry';
  const place = isEntry ? columnAt({ fact: 'key' }, 'key', 'string', false) : columnAt({ fact: 'position' }, 'position', 'integer', false);
  const { columns, children } = columnsOf(child.shape, 'arrays');
  const above = parent.inChild;
  const isKnown = above.length > 0 || (isOne && parent.isDocument);
  const key = isKnown ? [...above.map((column) => column.name), place.name] : [];
  const held = isEntry ? 'the entries of a map' : 'the elements of an array';
  const table: CatalogTable = {
    ...bare(name, bareName),
    columns: [...above, place, ...columns],
    primaryKey: key,
    foreignKeys: above.length > 0 ? [foreignKeyTo(parent)] : [],
    rows: child.rows,
    notes: [...notes, `holds ${held} in ${parent.isDocument ? 'its documents' : 'those of the table above it'}: ${child.found}`],
  };
  const outer = columnAt({ outer: isEntry ? 'key' : 'position', levels: 1 }, `${bareName}_${place.bareName}`, place.declared, false);
  const own = { name, path, key, inChild: isKnown ? [...above.map(oneLevelUp), outer] : [], isDocument: false };
  const below = children.flatMap((one) => {
    const wanted = lastOf(one.keys, bareName);
    return childTables(one, own, { name: names.take(wanted, `${bareName}_${wanted}`), files, names, isOne, notes: [] });
  });
  return [table, ...below];
}

/** A column of the key of a table above, as rows one level further down have it. */
function oneLevelUp(column: CatalogColumn): CatalogColumn {
  const read = parseDocumentColumn(column.name);
  return read !== null && 'outer' in read ? { ...column, name: formatDocumentColumn({ ...read, levels: read.levels + 1 }) } : column;
}

function foreignKeyTo({ name, key, inChild }: ParentTable): CatalogForeignKey {
  return {
    name: null,
    columns: inChild.map((column) => column.name),
    references: name,
    referencesSchema: null,
    referencesColumns: key,
    onDelete: 'cascade',
    onUpdate: 'no action',
    deferrable: false,
    orphans: 'quarantine',
  };
}

type Bare = Omit<CatalogTable, 'columns' | 'primaryKey' | 'rows' | 'notes'> & { readonly bareName: string };

function bare(name: string, bareName: string): Bare {
  return { name, bareName, schema: null, documents: true, uniques: [], checks: [], foreignKeys: [], indexes: [], nextIdentity: null };
}

function warningsOf(warnings: readonly { readonly code: string; readonly message: string }[]): Pick<CatalogTable, 'warnings'> {
  return warnings.length === 0 ? {} : { warnings };
}

function mapOf({ shape }: Collection, entries: ChildShape['shape']): ChildShape {
  return { keys: [], each: 'entry', shape: entries, rows: shape.entriesSeen, found: '1 object' };
}

function lastOf(keys: readonly string[], base: string): string {
  return keys.at(-1) ?? base;
}

/** A file's own name, else that of the folder that all of the files lie in, else that of the store. */
function baseName({ files }: Collection, { set, collections }: ProposalInput): string {
  const [only = ''] = files;
  if (set.single) return set.name;
  if (files.length === 1) return nameOfFile(only);
  if (collections.length === 1) return set.name;
  const folders = files.map((file) => file.split('/').slice(0, -1));
  const [common = []] = folders;
  let length = common.length;
  for (const folder of folders) while (common.slice(0, length).join('/') !== folder.slice(0, length).join('/')) length--;
  const names = new Set(files.map(nameOfFile));
  const [name = ''] = names;
  if (names.size === 1) return name;
  return common[length - 1] ?? set.name;
}
