import { closeSync, openSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { detectFraming } from '../../src/core/sources/json/detect-framing.ts';
import { DocumentReader } from '../../src/core/sources/json/document-reader.ts';
import { freezeFiles } from '../../src/core/sources/json/freeze-files.ts';
import type { JsonSnapshot } from '../../src/core/sources/json/json-snapshot.ts';
import { JsonSource } from '../../src/core/sources/json/json-source.ts';
import { markLength } from '../../src/core/sources/json/looks-json.ts';
import { nodeJson } from '../../src/core/sources/json/node-value.ts';
import type { Framing } from '../../src/core/sources/json/place.ts';
import type { SourceSettings } from '../../src/core/sources/source.ts';

export interface ReadDocument {
  /** JSON without white space, or null where the document is broken. */
  readonly json: unknown;
  readonly fault: string | null;
  readonly faultAt: number | null;
  readonly at: number;
  readonly line: number;
  readonly document: number;
}

/** The documents of a file with this content. `framing`: found out when absent. `limit`: most bytes of a document. */
export async function readDocuments(
  content: string | Uint8Array,
  { framing, limit }: { framing?: Framing; limit?: number } = {},
): Promise<ReadDocument[]> {
  const bytes = Buffer.from(content as string);
  const directory = await mkdtemp(join(tmpdir(), 'sluice-json-'));
  const path = join(directory, 'a.json');
  await writeFile(path, bytes);
  const descriptor = openSync(path, 'r');
  try {
    const start = { at: markLength(bytes), line: 1, document: 0, state: 'top' } as const;
    const found = framing ?? detectFraming(path, bytes, start.at, true);
    const reader = new DocumentReader(
      { descriptor, size: statSync(path).size, location: path },
      found,
      start,
      limit === undefined ? {} : { limit },
    );
    const documents: ReadDocument[] = [];
    while (reader.read()) {
      const { fault, place, tape } = reader;
      documents.push({
        json: fault === null ? nodeJson(tape, 0) : null,
        fault: fault?.reason ?? null,
        faultAt: fault?.at ?? null,
        at: place.at,
        line: place.line,
        document: place.document,
      });
    }
    return documents;
  } finally {
    closeSync(descriptor);
    await rm(directory, { recursive: true });
  }
}

/** Files by their names in a folder, frozen and opened as one store of documents. */
export async function withTree<T>(
  files: Readonly<Record<string, string | Uint8Array>>,
  work: (tree: { readonly root: string; readonly snapshot: JsonSnapshot; readonly source: JsonSource }) => Promise<T>,
  { location = '.', settings }: { readonly location?: string; readonly settings?: SourceSettings } = {},
): Promise<T> {
  const above = await mkdtemp(join(tmpdir(), 'sluice-json-'));
  const root = join(above, 'tree');
  try {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, name)), { recursive: true });
      await writeFile(join(root, name), content);
    }
    const options = { scratch: above, signal: never, ...(settings !== undefined && { settings }) };
    const snapshot = await freezeFiles(location === '.' ? root : join(root, location), options);
    return await work({ root, snapshot, source: new JsonSource(snapshot) });
  } finally {
    await rm(above, { recursive: true });
  }
}

const never = new AbortController().signal;

/** Rows of a table with their places; a broken one is what is said of it. */
export async function readTable(
  source: JsonSource,
  table: string,
  columns: readonly string[],
): Promise<{ readonly place: string; readonly values: readonly unknown[] }[]> {
  const rows: { place: string; values: readonly unknown[] }[] = [];
  for await (const batch of source.readBatches(table, { columns, signal: never }))
    batch.rows.forEach((values, i) => {
      const broken = batch.brokenAt?.(i) ?? null;
      rows.push({ place: batch.provenanceAt(i), values: broken === null ? values : [broken.message] });
    });
  return rows;
}
