import { readSync } from 'node:fs';
import type { Turns } from '../shared/turns.ts';
import { detectFraming } from './detect-framing.ts';
import type { FileForm } from './document-files.ts';
import type { DocumentParser } from './document-parser.ts';
import { DocumentReader } from './document-reader.ts';
import type { OpenFile } from './file-window.ts';

import { markLength } from './looks-json.ts';
import type { Framing, Place } from './place.ts';
import type { Tape } from './tape.ts';

/** What reading all documents of a file tells. */
export interface FileStudy {
  readonly framing: Framing;
  readonly form: FileForm;
  /** With those that are broken. */
  readonly documents: number;
  readonly broken: number;
  /** Where the first few of them are, in words. */
  readonly examples: readonly string[];
  /** Entries of objects that a later one of the same key replaces. */
  readonly repeated: number;
  readonly marks: readonly Place[];
  /** Bytes. */
  readonly largest: number;
}

/** Bytes that the framing is told by. */
const headBytes = 2 ** 20;
/** Marks are at least so many bytes apart, and there are at most so many. */
const nearestMarks = 4_096;
const mostMarks = 4_096;
const mostExamples = 3;

/** Who reads a file, and what of. */
export interface Studying {
  readonly parser: DocumentParser;
  readonly turns: Turns;
  /** Told the bytes of the file so far, before each turn. */
  readonly onTurn: (bytes: number) => void;
  /** Sees the documents that are whole. */
  readonly visit: (tape: Tape) => void;
}

/** Reads every document of a file in UTF-8. Throws `cancelled`. */
export async function studyFile(name: string, file: OpenFile, { parser, turns, onTurn, visit }: Studying): Promise<FileStudy> {
  const head = file.whole ?? headOf(file);
  const start: Place = { at: markLength(head), line: 1, document: 0, state: 'top' };
  const framing = detectFraming(name, head, start.at, head.length === file.size);
  const reader = new DocumentReader(file, framing, start, { parser });
  const step = Math.max(nearestMarks, Math.ceil(file.size / mostMarks));
  const marks: Place[] = [start];
  const examples: string[] = [];
  const found = { documents: 0, broken: 0, repeated: 0, largest: 0 };
  let nextMark = start.at + step;
  let inArray = false;
  while (reader.read()) {
    const { place, fault, end } = reader;
    found.documents++;
    found.largest = Math.max(found.largest, end - place.at);
    inArray ||= place.state !== 'top';
    if (place.at >= nextMark) {
      marks.push(place);
      nextMark = place.at + step;
    }
    if (fault === null) {
      found.repeated += reader.tape.repeated;
      visit(reader.tape);
    } else {
      found.broken++;
      if (examples.length < mostExamples) examples.push(`byte ${fault.at} of ${name} (line ${place.line}): the document ${fault.reason}`);
    }
    if (!turns.spend(end - place.at)) continue;
    onTurn(place.at);
    await turns.take();
  }
  const form = framing === 'lines' ? 'lines' : reader.topValues > 1 ? 'values' : inArray || found.documents === 0 ? 'array' : 'document';
  return { ...found, framing, form, examples, marks };
}

function headOf({ descriptor, size }: OpenFile): Buffer {
  const head = Buffer.allocUnsafe(Math.min(headBytes, size));
  return head.subarray(0, readSync(descriptor, head, 0, head.length, 0));
}
