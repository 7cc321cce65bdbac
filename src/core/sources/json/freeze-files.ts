import { MigrationError } from '../../errors.ts';
import { locationText, type StoreLocation } from '../../model/store-location.ts';
import { fingerprintFiles } from '../shared/file-fingerprint.ts';
import { readIdentity, sameIdentity } from '../shared/file-identity.ts';
import { fileSetOf, type FileSet, type NamedFile } from '../shared/files/file-set.ts';
import { fingerprintSet, type FrozenFile } from '../shared/files/frozen-files.ts';
import { throwIfCancelled } from '../shared/throw-if-cancelled.ts';
import type { FreezeOptions, SourceSettings } from '../source.ts';
import { Collections } from './infer/collections.ts';
import { proposeTables } from './infer/propose-tables.ts';
import { identityBytes, jsonFiles } from './json-files.ts';
import type { JsonPart, JsonSnapshot } from './json-snapshot.ts';
import { parsePattern, proposePattern, type PathPattern } from './path-pattern.ts';
import { studyFile, type FileStudy } from './study-file.ts';

interface FrozenPart {
  readonly file: FrozenFile;
  readonly part: JsonPart;
  readonly study: FileStudy;
}

/**
 * Freezes one file of documents or several, which are read in place, after reading every document once. Throws `invalid-source-setting`, `unread-encoding`,
 * `source-changed`, `cancelled`, and what finding the files throws.
 */
export async function freezeFiles(location: StoreLocation, { signal, settings = {} }: FreezeOptions): Promise<JsonSnapshot> {
  throwIfCancelled(signal);
  const text = locationText(location);
  const set = await fileSetOf(location, jsonFiles);
  const pattern = readPattern(settings, text) ?? (set.single ? null : proposePattern(set.files.map(({ name }) => name)));
  const collections = new Collections();
  const above = set.root.split(/[\\/]/).filter(Boolean);
  const frozen: FrozenPart[] = [];
  for (const file of set.files) frozen.push(await freezeFile(file, { set, text, above, pattern, collections, signal }));
  return toSnapshot(set, frozen, pattern, collections);
}

interface Freezing {
  readonly set: FileSet;
  readonly text: string;
  readonly above: readonly string[];
  readonly pattern: PathPattern | null;
  readonly collections: Collections;
  readonly signal: AbortSignal;
}

/** What was studied is what is hashed. */
async function freezeFile({ name, path }: NamedFile, { set, text, above, pattern, collections, signal }: Freezing): Promise<FrozenPart> {
  throwIfCancelled(signal);
  const location = set.single ? text : path;
  const identity = await readIdentity(path, identityBytes);
  const { size } = identity;
  const file = collections.begin(name);
  const study = await studyFile(name, path, { size, location }, signal, (tape) => file.add(tape));
  file.end(study);
  const fingerprint = await fingerprintFiles([path], signal);
  if (!sameIdentity(await readIdentity(path, identityBytes), identity))
    throw new MigrationError('source-changed', { context: { path: location } });
  const { framing, form, documents, marks } = study;
  const segments = pattern?.match(name, above) ?? {};
  return {
    file: { name, path, read: path, identity, fingerprint },
    part: { name, above, location, path, size, framing, form, documents, marks, segments },
    study,
  };
}

function toSnapshot(set: FileSet, frozen: readonly FrozenPart[], pattern: PathPattern | null, collections: Collections): JsonSnapshot {
  const { location, single, root } = set;
  const files = frozen.map(({ file }) => file);
  const parts = frozen.map(({ part }) => part);
  const size = files.reduce((sum, { identity }) => sum + identity.size, 0);
  const largestRow = frozen.reduce((most, { study }) => Math.max(most, study.largest), 0);
  const tables = proposeTables({ set, pattern, parts, collections: collections.finish() });
  return {
    kind: 'json',
    location: locationText(location),
    ...(typeof location !== 'string' && { paths: location }),
    ...(!single && { folder: { root, name: set.name } }),
    path: single ? (files[0]?.path ?? root) : root,
    fingerprint: fingerprintSet(set, files),
    temporary: false,
    capabilities: { sql: false, ranges: true, backup: true, groups: true },
    size,
    measured: Object.fromEntries(tables.map(({ name }) => [name, { bytes: size, largestRow }])),
    ...(pattern !== null && { settings: { pattern: pattern.text } }),
    set: { location, single },
    files,
    parts,
    tables,
  };
}

function readPattern({ pattern, ...others }: SourceSettings, path: string): PathPattern | null {
  const wrong = (setting: string, detail: string): MigrationError =>
    new MigrationError('invalid-source-setting', { context: { path, setting, detail } });
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw wrong(unknown, 'a source of JSON has only "pattern"');
  if (pattern === undefined) return null;
  const parsed = typeof pattern === 'string' ? parsePattern(pattern) : null;
  if (parsed === null) throw wrong('pattern', 'it must be a path with names in braces, such as "{user_id}/{id}.json", each only once');
  return parsed;
}
