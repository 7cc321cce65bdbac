import type { CatalogIndex, CatalogIndexPart } from '../../model/catalog.ts';
import type { IndexRow } from './system-tables.ts';

/** An index; its parts stand in a list such as `[b, "a b", '(lower(v))']`. */
export function introspectIndex({ name, unique, expressions, sql }: IndexRow): CatalogIndex {
  return { name, unique, method: null, parts: partsOf(expressions), where: null, definition: sql };
}

const part = /'((?:[^']|'')*)'|"((?:[^"]|"")*)"|([^,[\]\s"']+)/g;

function partsOf(list: string): readonly CatalogIndexPart[] {
  return [...list.matchAll(part)].map(([, expression, quoted, plain]) => {
    const inner = expression?.replaceAll("''", "'");
    // A name in quotes twice over is a column too.
    const column =
      inner === undefined ? (quoted?.replaceAll('""', '"') ?? plain ?? '') : /^"(.*)"$/.exec(inner)?.[1]?.replaceAll('""', '"');
    return {
      column: column ?? null,
      expression: column === undefined ? (inner ?? null) : null,
      descending: false,
      collation: null,
    };
  });
}
