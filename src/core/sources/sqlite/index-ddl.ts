import { ddlTokens, enclosed, splitAtCommas, textOf } from './ddl-tokens.ts';

export interface IndexDdl {
  /** Text of each part without COLLATE and direction, in index order. */
  readonly expressions: readonly string[];
  readonly where: string | null;
}

/** Reads the text of a CREATE INDEX as SQLite stored it. */
export function readIndexDdl(sql: string): IndexDdl {
  const tokens = ddlTokens(sql);
  const open = tokens.findIndex(({ word }) => word === '(');
  const where = tokens.findIndex(({ word, depth }, i) => i > open && word === 'WHERE' && depth === 0);
  const parts = splitAtCommas(enclosed(tokens, open));
  return {
    expressions: parts.map((part) => {
      const level = part[0]!.depth;
      const end = part.findIndex(
        ({ word, depth }, i) => i > 0 && depth === level && (word === 'COLLATE' || word === 'ASC' || word === 'DESC'),
      );
      return textOf(sql, end === -1 ? part : part.slice(0, end));
    }),
    where:
      where === -1
        ? null
        : textOf(
            sql,
            tokens.slice(where + 1).filter(({ word }) => word !== ';'),
          ),
  };
}
