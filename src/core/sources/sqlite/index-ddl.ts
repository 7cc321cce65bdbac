import { parseStatement, textAt } from '../../dialect/parse-sqlite.ts';

export interface IndexDdl {
  /** Text of each part without COLLATE and direction, in index order. */
  readonly expressions: readonly string[];
  readonly where: string | null;
}

/** Reads the text of a CREATE INDEX as SQLite stored it; null when it cannot be read. */
export function readIndexDdl(sql: string): IndexDdl | null {
  const statement = parseStatement(sql);
  if (statement?.type !== 'CreateIndexStmt') return null;
  return {
    expressions: statement.columns.map(({ expr }) => textAt(sql, expr.type === 'CollateExpr' ? expr.expr : expr)),
    where: statement.whereClause === undefined ? null : textAt(sql, statement.whereClause),
  };
}
