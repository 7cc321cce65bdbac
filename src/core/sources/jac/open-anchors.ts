import { throwIfCancelled } from '../shared/throw-if-cancelled.ts';
import type { Anchor, AnchorReader, BrokenRecord } from './anchor.ts';
import { readBerkeleyHash } from './dbm/berkeley-hash.ts';
import { readDumb } from './dbm/dumb.ts';
import { readGdbm } from './dbm/gdbm.ts';
import { interpretAnchor } from './interpret-anchor.ts';
import { interpretJsonAnchor } from './interpret-json.ts';
import { dumbFiles, type JacFiles } from './jac-files.ts';
import { readPickle } from './pickle/read-pickle.ts';
import { readPythonJson } from './python-json.ts';
import { RecordFault } from './record-fault.ts';
import { readTables } from './sqlite/read-tables.ts';
import { isBroken, recordOr, type StoredRecord, type StoredRecords } from './stored-record.ts';
import { uuidText } from './uuid-text.ts';

/**
 * Reads the anchors of a store: of a private copy where it may be in use, and always of one where it is an SQLite database, which SQLite would lay files
 * beside. Nothing of a record is carried out: pickles are read as what they say. Throws diagnoses of the store, at the latest while it is read.
 */
export function openAnchors(files: JacFiles): AnchorReader {
  const open = new Set<Generator<Anchor | BrokenRecord, void>>();
  return {
    read(signal) {
      const anchors = readAnchors(files, signal, () => open.delete(anchors));
      open.add(anchors);
      return anchors;
    },
    close() {
      for (const anchors of open) anchors.return();
      open.clear();
    },
  };
}

function* readAnchors(files: JacFiles, signal: AbortSignal, done: () => void): Generator<Anchor | BrokenRecord, void> {
  try {
    for (const record of readRecords(files)) {
      throwIfCancelled(signal);
      yield isBroken(record) ? record : interpret(record);
    }
  } finally {
    done();
  }
}

/** Records as they lie in a store, before anything in them is looked at. */
export function readRecords(files: JacFiles): StoredRecords {
  switch (files.form) {
    case 'gdbm':
      return readGdbm(files.data);
    case 'dumb':
      return readDumb(dumbFiles(files));
    case 'berkeley':
      return readBerkeleyHash(files.data);
    case 'sqlite':
      return readTables(files.data);
  }
}

function interpret({ key, value, offset, json }: StoredRecord): Anchor | BrokenRecord {
  return recordOr(key, offset, () => {
    if (uuidText(key) !== key) throw new RecordFault('its key is no UUID');
    return json === true ? interpretJsonAnchor(key, readPythonJson(value)) : interpretAnchor(key, readPickle(value));
  });
}
