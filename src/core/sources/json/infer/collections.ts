import type { FileStudy } from '../study-file.ts';
import type { Tape } from '../tape.ts';
import { KeyValues, keysOf } from './key-values.ts';
import { kindsIn, Shape } from './shape.ts';

/** Files that are one table: equally deep, and their documents have most keys in common. */
export interface Collection {
  /** In the order of their paths. */
  readonly files: readonly string[];
  readonly shape: Shape;
  readonly keys: ReadonlyMap<string, KeyValues>;
  /** With those that are broken. */
  readonly documents: number;
  readonly broken: number;
  readonly repeated: number;
  readonly examples: readonly string[];
  /** No file has more than one document. */
  readonly single: boolean;
}

/** Documents of files whose documents have exactly the same keys. */
interface Bucket {
  readonly depth: number;
  readonly keys: ReadonlySet<string>;
  /** In the order of their paths. */
  readonly files: string[];
  readonly found: { documents: number; broken: number; repeated: number; most: number };
  /** The first few. */
  readonly examples: { readonly name: string; readonly text: string }[];
  readonly shape: Shape;
  readonly values: Map<string, KeyValues>;
}

/** Keys in common, of all that there are, from which on files are one table. */
const alike = 0.5;

/** Broken documents that are told. */
const mostExamples = 3;

/** Files of a group from which on it may be what a folder is about. */
const fewestMain = 3;

/** Gathers the documents of all files. The result does not depend on the order in which they come. */
export class Collections {
  readonly #buckets = new Map<string, Bucket>();

  begin(name: string): { add(tape: Tape): void; end(study: FileStudy): void } {
    const shape = new Shape();
    const values = new Map<string, KeyValues>();
    const folder = folderOf(name);
    return {
      add: (tape) => {
        shape.add(tape, 0);
        keysOf(tape, (key, value) => {
          const known = values.get(key) ?? new KeyValues();
          known.add(value, folder);
          values.set(key, known);
        });
      },
      end: (study) => this.#put(name, study, shape, values),
    };
  }

  finish(): readonly Collection[] {
    const groups = groupAlike([...this.#buckets.values()]);
    return groups.map(toCollection).toSorted((a, b) => (a.files[0]! < b.files[0]! ? -1 : 1));
  }

  #put(name: string, study: FileStudy, shape: Shape, values: ReadonlyMap<string, KeyValues>): void {
    const depth = name.split('/').length;
    const keys = new Set(
      shape.entries === null
        ? [
            ...shape.fields.keys(),
            ...kindsIn(shape)
              .filter((kind) => kind !== 'object')
              .map((kind) => `\0${kind}`),
          ]
        : ['\0entries'],
    );
    const id = JSON.stringify([depth, [...keys].toSorted()]);
    const bucket = this.#buckets.get(id) ?? newBucket(depth, keys);
    this.#buckets.set(id, bucket);
    noteFile(bucket, name, study);
    bucket.shape.merge(shape);
    mergeKeys(bucket.values, values);
  }
}

function newBucket(depth: number, keys: ReadonlySet<string>): Bucket {
  const found = { documents: 0, broken: 0, repeated: 0, most: 0 };
  return { depth, keys, files: [], found, examples: [], shape: new Shape(), values: new Map() };
}

/** What is told of a file beside its shape. There may be hundreds of thousands, so that only sums are kept. */
function noteFile({ files, found, examples }: Bucket, name: string, { documents, broken, repeated, examples: own }: FileStudy): void {
  files.push(name);
  found.documents += documents;
  found.broken += broken;
  found.repeated += repeated;
  found.most = Math.max(found.most, documents);
  for (const text of own) examples.push({ name, text });
  if (examples.length > 100) examples.push(...firstOf(examples.splice(0)));
}

function mergeKeys(into: Map<string, KeyValues>, from: ReadonlyMap<string, KeyValues>): void {
  for (const [key, values] of from) {
    const known = into.get(key) ?? new KeyValues();
    known.merge(values);
    into.set(key, known);
  }
}

/** Buckets that are alike, also by way of others; and those that lie among many files of another group, as rare documents with few keys do. */
function groupAlike(buckets: readonly Bucket[]): readonly (readonly Bucket[])[] {
  const groups = new Groups(buckets);
  for (const [i, a] of buckets.entries())
    for (const b of buckets.slice(i + 1)) if (a.depth === b.depth && share(a.keys, b.keys) >= alike) groups.join(a, b);
  // All is decided before anything is joined, so that the order does not matter.
  const found = groups.list();
  const joins = [...foldersOf(found).values()].flatMap((counts) => {
    const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const main = [...counts.keys()].find((group) => (counts.get(group) ?? 0) * 2 > all && filesOf(group) >= fewestMain);
    return main === undefined ? [] : [...counts.keys()].map((group) => [main, group] as const);
  });
  for (const [main, other] of joins) groups.join(main[0]!, other[0]!);
  const nearest = groups.list().flatMap((group) => {
    const near = group.every(({ keys }) => keys.size === 0) ? nearestOf(group, groups.list()) : null;
    return near === null ? [] : [[group, near] as const];
  });
  for (const [bare, near] of nearest) groups.join(near[0]!, bare[0]!);
  return groups.list();
}

/** Where documents without a key belong, or files without a document: to those of their folder, else to the only ones that lie as deep. */
function nearestOf(bare: readonly Bucket[], groups: readonly (readonly Bucket[])[]): readonly Bucket[] | null {
  const named = groups.filter((group) => group[0]?.depth === bare[0]?.depth && group.some(({ keys }) => keys.size > 0));
  const folders = new Set(bare.flatMap(({ files }) => files.map(folderOf)));
  const beside = named.filter((group) => group.some(({ files }) => files.some((name) => folders.has(folderOf(name)))));
  const [only, other] = beside.length > 0 ? beside : named;
  return other === undefined ? (only ?? null) : null;
}

class Groups {
  readonly #groups: Map<Bucket, Bucket[]>;

  constructor(buckets: readonly Bucket[]) {
    this.#groups = new Map(buckets.map((bucket) => [bucket, [bucket]]));
  }

  join(a: Bucket, b: Bucket): void {
    const [one, other] = [this.#groups.get(a)!, this.#groups.get(b)!];
    if (one === other) return;
    for (const bucket of other) this.#groups.set(bucket, one);
    one.push(...other);
  }

  list(): readonly (readonly Bucket[])[] {
    return [...new Set(this.#groups.values())].map((group) => [...group]);
  }
}

/** By folder, how many files of each group lie in it. */
function foldersOf(groups: readonly (readonly Bucket[])[]): ReadonlyMap<string, ReadonlyMap<readonly Bucket[], number>> {
  const folders = new Map<string, Map<readonly Bucket[], number>>();
  for (const group of groups)
    for (const { files } of group)
      for (const name of files) {
        const folder = folderOf(name);
        const counts = folders.get(folder) ?? new Map<readonly Bucket[], number>();
        counts.set(group, (counts.get(group) ?? 0) + 1);
        folders.set(folder, counts);
      }
  return folders;
}

function folderOf(name: string): string {
  return name.split('/').slice(0, -1).join('/');
}

function filesOf(group: readonly Bucket[]): number {
  return group.reduce((sum, { files }) => sum + files.length, 0);
}

/** Keys in common, of all that there are; two without any are alike. */
function share(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0;
  for (const key of a) if (b.has(key)) common++;
  return a.size + b.size === 0 ? 1 : common / (a.size + b.size - common);
}

function toCollection(buckets: readonly Bucket[]): Collection {
  const shape = new Shape();
  const keys = new Map<string, KeyValues>();
  for (const bucket of buckets) {
    shape.merge(bucket.shape);
    mergeKeys(keys, bucket.values);
  }
  const sum = (of: (found: Bucket['found']) => number): number => buckets.reduce((total, { found }) => total + of(found), 0);
  return {
    files: buckets.flatMap((bucket) => bucket.files).sort((a, b) => (a < b ? -1 : 1)),
    shape,
    keys,
    documents: sum(({ documents }) => documents),
    broken: sum(({ broken }) => broken),
    repeated: sum(({ repeated }) => repeated),
    examples: firstOf(buckets.flatMap(({ examples }) => examples)).map(({ text }) => text),
    single: buckets.every(({ found }) => found.most <= 1),
  };
}

/** In the order of the files; those of one file are in order already. */
function firstOf(examples: Bucket['examples']): Bucket['examples'] {
  return examples.toSorted((a, b) => (a.name === b.name ? 0 : a.name < b.name ? -1 : 1)).slice(0, mostExamples);
}
