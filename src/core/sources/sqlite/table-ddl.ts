import { ddlTokens, enclosed, splitAtCommas, textOf, type DdlToken } from './ddl-tokens.ts';

/** What only the text of a CREATE TABLE tells. Columns are keyed by their name in lower case, as SQLite compares names. */
export interface TableDdl {
  readonly autoincrement: boolean;
  readonly collations: ReadonlyMap<string, string>;
  readonly generated: ReadonlyMap<string, string>;
  /** Each CHECK as written, with its parentheses. */
  readonly checks: readonly string[];
  /** One entry per REFERENCES in the order of the text. */
  readonly deferred: readonly boolean[];
}

export function readTableDdl(sql: string): TableDdl {
  const tokens = ddlTokens(sql);
  const open = tokens.findIndex(({ word }) => word === '(');
  const parts = splitAtCommas(enclosed(tokens, open));
  const collations = new Map<string, string>();
  const generated = new Map<string, string>();
  for (const part of parts) {
    const column = (part[0]!.name ?? literalName(part[0]!)).toLowerCase();
    const level = part[0]!.depth;
    const collation = part.findIndex((token, i) => i > 0 && token.word === 'COLLATE' && token.depth === level);
    if (collation !== -1) collations.set(column, part[collation + 1]?.name ?? '');
    const as = part.findIndex((token, i) => i > 0 && token.word === 'AS' && token.depth === level && part[i + 1]?.word === '(');
    if (as !== -1) generated.set(column, textOf(sql, enclosed(part, as + 1)));
  }
  return {
    autoincrement: tokens.some(({ word, depth }) => word === 'AUTOINCREMENT' && depth === 1),
    collations,
    generated,
    checks: parts.flatMap((part) => checksOf(sql, part)),
    deferred: parts.flatMap(deferralsOf),
  };
}

function checksOf(sql: string, part: readonly DdlToken[]): readonly string[] {
  const level = part[0]!.depth;
  return part.flatMap((token, i) =>
    token.word === 'CHECK' && token.depth === level && part[i + 1]?.word === '(' ? [`CHECK (${textOf(sql, enclosed(part, i + 1))})`] : [],
  );
}

/** SQLite defers a foreign key only when the text says INITIALLY DEFERRED and not NOT DEFERRABLE. */
function deferralsOf(part: readonly DdlToken[]): readonly boolean[] {
  const starts = part.flatMap((token, i) => (token.word === 'REFERENCES' && i > 0 ? [i] : []));
  return starts.map((start, k) => {
    const words = part.slice(start, starts[k + 1]).map(({ word }) => word);
    return words.join(' ').includes('INITIALLY DEFERRED') && !words.join(' ').includes('NOT DEFERRABLE');
  });
}

/** SQLite takes 'a' for a name where only a name can stand. */
function literalName(token: DdlToken): string {
  return token.word.startsWith("'") ? token.word.slice(1, -1).replaceAll("''", "'") : token.word;
}
