import picomatch from 'picomatch';
import { MigrationError } from '../../errors.ts';
import type { SourceSettings } from '../source.ts';
import { readSettings, type Dialect, type DialectSettings } from './dialect.ts';

/** Which files are one table: all, none with another, or those that a table's globs name. */
export type TablesSetting = 'one' | 'each' | Readonly<Record<string, string | readonly string[]>>;

/** What a plan says of several files: keys for all of them, keys for some (`files`, by name or glob), and what is a table (`tables`). */
export interface SetSettings {
  readonly tables: TablesSetting | null;
  /** Keys that the plan names for a file; those of its own name or glob come first. */
  forFile(name: string): DialectSettings;
}

/** Throws `invalid-source-setting`. */
export function readSetSettings({ tables, files = {}, ...common }: SourceSettings, path: string): SetSettings {
  const wrong = (setting: string, detail: string): MigrationError =>
    new MigrationError('invalid-source-setting', { context: { path, setting, detail } });
  const shared = readSettings(common, path);
  if (!isRecord(files)) throw wrong('files', 'it must hold keys by the name of a file or a glob');
  const own = Object.entries(files).map(([name, settings]) => {
    if (!isRecord(settings)) throw wrong('files', `${name} must hold keys of its own`);
    return { name, matches: picomatch(name, { dot: true }), settings: readSettings(settings, path) };
  });
  return {
    tables: readTables(tables, wrong),
    forFile: (name) => {
      const exact = own.find((one) => one.name === name);
      return { ...shared, ...(exact ?? own.find(({ matches }) => matches(name)))?.settings };
    },
  };
}

/** The keys as a plan has them: what most files have in common, and by name what others have otherwise. */
export function writeSetSettings(
  files: readonly { readonly name: string; readonly dialect: Dialect }[],
  tables: TablesSetting,
): SourceSettings {
  const [first] = files;
  if (first === undefined) return { tables };
  const keys = Object.keys(first.dialect) as (keyof Dialect)[];
  const common = Object.fromEntries(keys.map((key) => [key, mostOften(files.map(({ dialect }) => dialect[key]))]));
  const others = files.flatMap(({ name, dialect }) => {
    const own = keys.filter((key) => dialect[key] !== common[key]).map((key) => [key, dialect[key]] as const);
    return own.length === 0 ? [] : [[name, Object.fromEntries(own)] as const];
  });
  return { tables, ...common, ...(others.length > 0 && { files: Object.fromEntries(others) }) };
}

/** Whether a file belongs to a list of names and globs. */
export function matcherOf(globs: string | readonly string[]): (name: string) => boolean {
  const list = typeof globs === 'string' ? [globs] : globs;
  const matchers = list.map((glob) => picomatch(glob, { dot: true }));
  const names = new Set(list);
  return (name) => names.has(name) || matchers.some((matches) => matches(name));
}

function readTables(tables: unknown, wrong: (setting: string, detail: string) => MigrationError): TablesSetting | null {
  if (tables === undefined) return null;
  if (tables === 'one' || tables === 'each') return tables;
  const isList = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');
  if (
    isRecord(tables) &&
    Object.values(tables).every((value) => typeof value === 'string' || isList(value)) &&
    Object.keys(tables).length > 0
  )
    return tables as Readonly<Record<string, string | readonly string[]>>;
  throw wrong('tables', 'it must be "one", "each", or globs by the name of a table');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Of values that are as frequent the first. */
function mostOften<T>(values: readonly T[]): T | undefined {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce<[T | undefined, number]>((most, one) => (one[1] > most[1] ? one : most), [undefined, 0])[0];
}
