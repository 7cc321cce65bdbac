import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Anchor, BrokenRecord } from '../../src/core/sources/jac/anchor.ts';
import { atCopy, filesToCopy, type JacFiles } from '../../src/core/sources/jac/jac-files.ts';
import { openAnchors } from '../../src/core/sources/jac/open-anchors.ts';
import { recogniseJac } from '../../src/core/sources/jac/recognise.ts';

export const jacFolder = fileURLToPath(new URL('../fixtures/jac', import.meta.url));

/** Stores that jaclang wrote, by version and by form, and what each is named by. */
export const jacVariants: Readonly<Record<string, string>> = {
  'shelve-gdbm-0.7.15': 'main.session',
  'shelve-gdbm-0.7.16': 'main.session',
  'shelve-gdbm-0.8.0': 'main.session',
  'shelve-gdbm-0.9.6': 'main.session',
  'exotic-gdbm-0.9.6': 'main.session',
  'shelve-dumb-0.9.6-py312': 'main.session',
  'shelve-ndbm-bdb-0.9.6': 'main.session',
  'serve-sqlite3-0.8.10-py313': 'main.session',
  'shelve-sqlite3-wal-0.9.6-py313': 'main.session',
  'sqlite-pickle-0.9.15': '.jac/data/main.db',
  'sqlite-json-0.14.1': '.jac/data/main.db',
};

/** The graph as jaclang itself loaded it; integers are bigints, floats are numbers. */
export interface ExpectedGraph {
  readonly nodes: readonly ExpectedNode[];
  readonly edges: readonly ExpectedEdge[];
  readonly raw_key_count: bigint;
  readonly raw_value_sha256: Readonly<Record<string, string>>;
}

interface ExpectedNode {
  readonly id: string;
  readonly type: string;
  readonly module: string;
  readonly root: string | null;
  readonly access_all: bigint | null;
  readonly fields: Readonly<Record<string, unknown>>;
}

interface ExpectedEdge extends Pick<ExpectedNode, 'id' | 'type' | 'module' | 'fields'> {
  readonly source: string;
  readonly target: string;
  readonly is_undirected: boolean;
}

export function expectedGraph(variant: string): ExpectedGraph {
  const exact = (_key: string, value: unknown, context?: { readonly source: string }): unknown =>
    typeof value === 'number' && /^-?\d+$/.test(context?.source ?? '') ? BigInt(context!.source) : value;
  return JSON.parse(readFileSync(join(jacFolder, variant, 'expected.json'), 'utf8'), exact) as ExpectedGraph;
}

/** Recognises a store and works on a private copy of it, as a caller does. */
export function withCopy<T>(path: string, work: (copy: JacFiles) => T): T {
  const files = recogniseJac(path);
  assert.ok(files !== null, `${path} is not recognised`);
  return inFolder((folder) => {
    for (const file of filesToCopy(files)) copyFileSync(file, join(folder, basename(file)));
    return work(atCopy(files, folder));
  });
}

export function withVariant<T>(variant: string, work: (copy: JacFiles) => T): T {
  return withCopy(join(jacFolder, variant, jacVariants[variant] ?? 'main.session'), work);
}

/** Works in a new folder, which goes afterwards. */
export function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-jac-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function anchorsOf(files: JacFiles): { readonly anchors: ReadonlyMap<string, Anchor>; readonly broken: readonly BrokenRecord[] } {
  const anchors = new Map<string, Anchor>();
  const broken: BrokenRecord[] = [];
  const reader = openAnchors(files);
  for (const each of reader.read(new AbortController().signal))
    if ('reason' in each) broken.push(each);
    else {
      assert.ok(!anchors.has(each.id), `${each.id} comes twice`);
      anchors.set(each.id, each);
    }
  reader.close();
  return { anchors, broken };
}
