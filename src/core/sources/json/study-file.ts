import { closeSync, openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { MigrationError } from '../../errors.ts';
import { throwIfCancelled } from '../shared/throw-if-cancelled.ts';
import { detectFraming } from './detect-framing.ts';
import { DocumentReader } from './document-reader.ts';
import type { OpenFile } from './file-window.ts';
import type { FileForm } from './json-snapshot.ts';
import { markLength, wideEncoding } from './looks-json.ts';
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
const bytesAtOnce = 2 ** 22;
const mostExamples = 3;

/** Reads every document of a file; `visit` sees those that are whole. Throws `invalid-source-encoding` or `cancelled`. */
export async function studyFile(
  name: string,
  path: string,
  file: Omit<OpenFile, 'descriptor'>,
  signal: AbortSignal,
  visit: (tape: Tape) => void,
): Promise<FileStudy> {
  const descriptor = openSync(path, 'r');
  try {
    return await study(name, { ...file, descriptor }, signal, visit);
  } finally {
    closeSync(descriptor);
  }
}

async function study(name: string, file: OpenFile, signal: AbortSignal, visit: (tape: Tape) => void): Promise<FileStudy> {
  const head = Buffer.allocUnsafe(Math.min(headBytes, file.size));
  const read = readSync(file.descriptor, head, 0, head.length, 0);
  const wide = wideEncoding(head);
  if (wide !== null) throw new MigrationError('unread-encoding', { context: { path: file.location, detail: wide } });
  const start: Place = { at: markLength(head), line: 1, document: 0, state: 'top' };
  const framing = detectFraming(name, head.subarray(0, read), start.at, read === file.size);
  const reader = new DocumentReader(file, framing, start);
  const step = Math.max(nearestMarks, Math.ceil(file.size / mostMarks));
  const marks: Place[] = [start];
  const examples: string[] = [];
  const found = { documents: 0, broken: 0, repeated: 0, largest: 0 };
  let nextMark = start.at + step;
  let nextTurn = start.at + bytesAtOnce;
  let inArray = false;
  throwIfCancelled(signal);
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
    if (place.at < nextTurn) continue;
    nextTurn = place.at + bytesAtOnce;
    await setImmediate();
    throwIfCancelled(signal);
  }
  const form = framing === 'lines' ? 'lines' : reader.topValues > 1 ? 'values' : inArray || found.documents === 0 ? 'array' : 'document';
  return { ...found, framing, form, examples, marks };
}
