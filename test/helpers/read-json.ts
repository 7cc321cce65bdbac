import { closeSync, openSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { detectFraming } from '../../src/core/sources/json/detect-framing.ts';
import { DocumentReader } from '../../src/core/sources/json/document-reader.ts';
import { markLength } from '../../src/core/sources/json/looks-json.ts';
import { nodeJson } from '../../src/core/sources/json/node-value.ts';
import type { Framing } from '../../src/core/sources/json/place.ts';

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
export async function readDocuments(content: string | Uint8Array, { framing, limit }: { framing?: Framing; limit?: number } = {}): Promise<ReadDocument[]> {
  const bytes = Buffer.from(content as string);
  const directory = await mkdtemp(join(tmpdir(), 'sluice-json-'));
  const path = join(directory, 'a.json');
  await writeFile(path, bytes);
  const descriptor = openSync(path, 'r');
  try {
    const start = { at: markLength(bytes), line: 1, document: 0, state: 'top' } as const;
    const found = framing ?? detectFraming(path, bytes, start.at, true);
    const reader = new DocumentReader({ descriptor, size: statSync(path).size, location: path }, found, start, limit);
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
