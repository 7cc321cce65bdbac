import { locationText, type StoreLocation } from '../../model/store-location.ts';
import { fileSetOf, type FileSet } from '../shared/files/file-set.ts';
import { fingerprintSet } from '../shared/files/frozen-files.ts';
import type { FreezeOptions, SourceSettings } from '../source.ts';
import { chooseTables } from './choose-tables.ts';
import type { DelimitedSnapshot } from './delimited-snapshot.ts';
import { delimitedFiles } from './delimited-files.ts';
import { readSettings } from './dialect.ts';
import { freezeFile, type StudiedFile } from './freeze-file.ts';
import { PlainCopies } from '../shared/plain/plain-copy.ts';
import { readSetSettings, writeSetSettings, type SetSettings } from './set-settings.ts';
import { uniteFiles } from './unite-files.ts';

/**
 * Freezes one file of delimited text, or several that a folder, a glob or a list names; one is read after the other. Throws `invalid-source-setting`,
 * `unreadable-records`, `mixed-headers`, `snapshot-failed`, `no-space`, `source-changed`, `cancelled`, and what finding the files throws.
 */
export async function freezeFiles(location: StoreLocation, options: FreezeOptions): Promise<DelimitedSnapshot> {
  const text = locationText(location);
  const set = await fileSetOf(location, delimitedFiles);
  const settings = readAny(set, options.settings ?? {}, text);
  const copies = new PlainCopies(text, options.scratch);
  try {
    const studied: StudiedFile[] = [];
    for (const file of set.files) {
      const called = set.single ? text : file.path;
      studied.push(await freezeFile(file, { location: called, copies, settings: settings.forFile(file.name), signal: options.signal }));
    }
    return toSnapshot(set, studied, settings, copies);
  } catch (error) {
    await copies.remove();
    throw error;
  }
}

/** One file has no keys for some files. */
function readAny({ single }: FileSet, settings: SourceSettings, path: string): SetSettings {
  if (!single) return readSetSettings(settings, path);
  const own = readSettings(settings, path);
  return { tables: 'one', forFile: () => own };
}

function toSnapshot(set: FileSet, studied: readonly StudiedFile[], settings: SetSettings, copies: PlainCopies): DelimitedSnapshot {
  const { location, single, root } = set;
  const { setting, groups } = chooseTables(set, studied, settings.tables);
  const found = settings.tables === null && setting !== 'one' ? [whyApart(groups.length)] : [];
  const tables = groups.map((group, i) => {
    // What is said of the whole set is said once.
    const table = uniteFiles(i === 0 ? set : { ...set, passedOver: [] }, group);
    return i === 0 ? { ...table, notes: [...table.notes, ...found] } : table;
  });
  const files = studied.map(({ file }) => file);
  const [first] = studied;
  return {
    kind: 'delimited',
    location: locationText(location),
    ...(typeof location !== 'string' && { paths: location }),
    ...(!single && { folder: { root, name: set.name } }),
    path: copies.first ?? (single ? (files[0]?.read ?? root) : root),
    fingerprint: fingerprintSet(set, files),
    temporary: copies.first !== null,
    capabilities: { sql: false, ranges: true, backup: true, groups: false },
    size: files.reduce((sum, { identity }) => sum + identity.size, 0),
    measured: Object.fromEntries(
      tables.map(({ name, parts, largestRow }) => [name, { bytes: parts.reduce((sum, { size }) => sum + size, 0), largestRow }]),
    ),
    settings: single
      ? { ...first?.study.dialect }
      : writeSetSettings(
          studied.map(({ file, study }) => ({ name: file.name, dialect: study.dialect })),
          setting,
        ),
    set: { location, single },
    files,
    tables,
  };
}

function whyApart(tables: number): string {
  return `The files of the folder are ${tables} tables, because only files whose headers have the same names are one; "tables" in the source of the plan says which files are, "one" makes one table of all.`;
}
