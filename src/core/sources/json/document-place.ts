import type { Provenance } from '../../model/row-batch.ts';
import type { DocumentFiles, JsonPart } from './document-files.ts';
import type { Place } from './place.ts';

/**
 * Where a row came from: `u1/c7.json#/messages/3`; in an array the pointer in the file (`big.json#/17/a`), in a file of lines the line (`log.ndjson:12#/a`),
 * and where several values stand one after the other the number of the document, from 1. `brokenAt`: the byte where the document goes wrong.
 */
export function placeOf({ name, form }: JsonPart, { document, line }: Place, pointer: string, brokenAt: number | null): Provenance {
  const broken = brokenAt === null ? '' : `, byte ${brokenAt}`;
  if (form === 'array') return `${name}#/${document}${pointer}${broken}`;
  const number = form === 'document' ? '' : `:${form === 'lines' ? line : document + 1}`;
  return `${name}${number}${pointer === '' ? '' : `#${pointer}`}${broken}`;
}

export interface NamedPlace {
  /** Number of the file. */
  readonly part: number;
  /** Line of a file of lines, else the document from 0. */
  readonly number: number;
}

/** The file and document that a place names; null when there is none. */
export function readPlace(place: Provenance, files: DocumentFiles): NamedPlace | null {
  for (let end = place.length; end > 0; end--) {
    const next = place[end];
    if (next !== undefined && next !== ':' && next !== '#' && next !== ',') continue;
    const part = files.numberOf(place.slice(0, end));
    if (part < 0) continue;
    const form = files.formAt(part);
    const rest = place.slice(end);
    const [, line, element] = /^(?::(\d+)|#\/(\d+))?/.exec(rest) ?? [];
    if (form === 'array') return { part, number: Number(element ?? 0) };
    return { part, number: form === 'document' ? 0 : Number(line ?? 1) - (form === 'lines' ? 0 : 1) };
  }
  return null;
}
