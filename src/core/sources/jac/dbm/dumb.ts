import { existsSync, statSync } from 'node:fs';
import type { BrokenRecord } from '../anchor.ts';
import { brokenRecord, keyText, recordOr, type StoredRecord, type StoredRecords } from '../stored-record.ts';
import { corrupt, StoreFile } from './store-file.ts';

/** Files of Python's dbm.dumb: values lie in `data`, and `directory` says where. */
export interface DumbFiles {
  readonly data: string;
  readonly directory: string;
  /** The directory before the last one; it stands in for one that a killed program left empty. */
  readonly backup: string;
}

/** Bytes of a directory, which is kept in memory: that of two million records has as many. */
const longestDirectory = 128 << 20;

/** A key as Python prints it, and two numbers: `'00000000-…', (0, 1008)`. */
const line = /^('(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*"), \((\d+), (\d+)\)\r?$/;

export function isDumbDirectory(head: Uint8Array): boolean {
  const [first = ''] = Buffer.from(head).toString('latin1').split('\n', 1);
  return line.test(first);
}

/** Records of a store of dbm.dumb, in the order in which their keys came. Throws `corrupt-store`, `unreadable-file` or `no-such-file`. */
export function* readDumb(files: DumbFiles): StoredRecords {
  const file = new StoreFile(files.data);
  try {
    const { places, broken } = readDirectory(files);
    yield* broken;
    for (const [key, place] of places) yield readPlace(file, key, place);
  } finally {
    file.close();
  }
}

type Place = readonly [offset: number, length: number];

interface Directory {
  /** The last line of a key counts. */
  readonly places: ReadonlyMap<string, Place>;
  readonly broken: readonly BrokenRecord[];
}

function readDirectory({ directory, backup }: DumbFiles): Directory {
  const path = isFilled(directory) || !isFilled(backup) ? directory : backup;
  const text = readText(path);
  const places = new Map<string, Place>();
  const broken: BrokenRecord[] = [];
  const lines = text.split('\n');
  const cut = lines.pop() ?? '';
  for (const [i, each] of lines.entries()) {
    const [, key, offset, length] = line.exec(each) ?? [];
    if (key !== undefined) places.set(unquoted(key), [Number(offset), Number(length)]);
    else if (each.trim() !== '') broken.push(brokenRecord('', null, `line ${i + 1} of the directory names no record`));
  }
  if (cut !== '') broken.push(brokenRecord('', null, 'the directory ends in the middle of a line: records behind it are not known'));
  return { places, broken };
}

function isFilled(path: string): boolean {
  return existsSync(path) && statSync(path).size > 0;
}

function readText(path: string): string {
  const file = new StoreFile(path);
  try {
    if (file.size > longestDirectory) throw corrupt(path, `a directory of ${file.size} bytes is not read`);
    return file.read(0, file.size).toString('latin1');
  } finally {
    file.close();
  }
}

function readPlace(file: StoreFile, key: string, [offset, length]: Place): StoredRecord | BrokenRecord {
  const shown = keyText(Buffer.from(key, 'latin1'));
  return recordOr(shown, offset, () => ({ key: shown, value: file.readValue(offset, length), offset }));
}

/** Keys of anchors have nothing that Python would escape; another key need not be the same, but another one. */
function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\(['"\\])/g, '$1');
}
