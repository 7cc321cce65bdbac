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
import { openTables } from './sqlite/open-tables.ts';
import { readTables } from './sqlite/read-tables.ts';
import { isBroken, recordOr, type StoredRecord, type StoredRecords } from './stored-record.ts';
import { uuidText } from './uuid-text.ts';

/**
 * Reads the anchors of a store: of a private copy where it may be in use, and always of one where it is an SQLite database, which SQLite would lay files
 * beside. Nothing of a record is carried out: pickles are read as what they say. Throws diagnoses of the store, at the latest while it is read.
 */
export function openAnchors(files: JacFiles): AnchorReader {
  const open = new Set<StoredRecords & { close(): void }>();
  return {
    *read(signal) {
      const records = openRecords(files);
      open.add(records);
      try {
        for (const record of records) {
          throwIfCancelled(signal);
          yield isBroken(record) ? record : interpret(record, records.json);
        }
      } finally {
        open.delete(records);
        records.close();
      }
    },
    close() {
      for (const records of open) records.close();
      open.clear();
    },
  };
}

/** Records of a store as they lie there. */
interface OpenRecords extends Iterable<StoredRecord | BrokenRecord> {
  /** Values are JSON; else they are pickles. */
  readonly json: boolean;
  close(): void;
}

/** Records before anything in them is looked at; `close` when they are not read to their end. */
export function openRecords(files: JacFiles): OpenRecords {
  if (files.form !== 'sqlite') return { json: false, close: () => undefined, [Symbol.iterator]: () => dbmRecords(files)[Symbol.iterator]() };
  const tables = openTables(files.data);
  const records = readTables(files.data, tables);
  return { json: tables.form === 'json', close: () => void tables.connection.close(), [Symbol.iterator]: () => records[Symbol.iterator]() };
}

function dbmRecords(files: JacFiles): StoredRecords {
  if (files.form === 'gdbm') return readGdbm(files.data);
  return files.form === 'dumb' ? readDumb(dumbFiles(files)) : readBerkeleyHash(files.data);
}

function interpret({ key, value, offset }: StoredRecord, json: boolean): Anchor | BrokenRecord {
  return recordOr(key, offset, () => {
    if (uuidText(key) !== key) throw new RecordFault('its key is no UUID');
    return json ? interpretJsonAnchor(key, readPythonJson(value)) : interpretAnchor(key, readPickle(value));
  });
}
