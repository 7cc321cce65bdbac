/** What writers put in place of a value that is NULL. */
const nullMark = '__HIVE_DEFAULT_PARTITION__';

/** Values that the folders `name=value` of a path hold, as text: `year=2024/month=01/a.csv` is year 2024 and month 01. */
export function hiveValues(relative: string): ReadonlyMap<string, string | null> {
  const values = new Map<string, string | null>();
  for (const folder of relative.split(/[\\/]/).slice(0, -1)) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(folder) ?? [];
    if (name !== undefined && value !== undefined) values.set(decoded(name), value === nullMark ? null : decoded(value));
  }
  return values;
}

/** Writers put what a name of a file may not hold as %XX. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
