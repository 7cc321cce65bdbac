import { keywordDefs, withOptions, type Expr, type Span, type Stmt } from 'sqlite3-parser';

// SQLite reads 1_000 as a number since 3.46.
const options = { digitSeparator: '_' };
// OVER, FILTER and WINDOW are names wherever no window function stands; the grammar alone cannot tell, SQLite looks ahead.
const flags = (Object.keys(keywordDefs.meta.maskFlags) as (keyof typeof keywordDefs.meta.maskFlags)[]).filter(
  (flag) => flag !== 'WINDOWFUNC',
);
const parsers = [withOptions(options), withOptions({ ...options, flags })];

/** The syntax tree of one statement of SQLite; null when it cannot be read. Never throws: what pragmas tell must do then. */
export function parseStatement(sql: string): Stmt | null {
  for (const parser of parsers) {
    try {
      const result = parser.parseStmt(sql);
      if (result.status === 'ok') return result.root;
    } catch {
      // The next one, or none.
    }
  }
  return null;
}

/** The tree of one expression, with the text that its spans point into; null when it is none. */
export function parseExpression(text: string): { readonly root: Expr; readonly text: string } | null {
  const sql = `SELECT ${text}\n`;
  const select = parseStatement(sql);
  if (select?.type !== 'SelectStmt' || !isBare(select.body.select)) return null;
  const [column, ...others] = select.body.select.columns;
  const { compounds, orderBy, limit } = select.body;
  const whole = others.length === 0 && compounds === undefined && orderBy === undefined && limit === undefined;
  return whole && column?.type === 'ExprResultColumn' && column.alias === undefined ? { root: column.expr, text: sql } : null;
}

/** The text that a part of a syntax tree was read from. */
export function textAt(sql: string, { span }: { readonly span: Span }): string {
  return sql.slice(span.offset, span.offset + span.length);
}

type OneSelect = Extract<Stmt, { type: 'SelectStmt' }>['body']['select'];

function isBare(select: OneSelect): select is Extract<OneSelect, { type: 'SelectFrom' }> {
  if (select.type !== 'SelectFrom') return false;
  const { distinctness, from, whereClause, groupBy, having, windowClause } = select;
  return [distinctness, from, whereClause, groupBy, having, windowClause].every((part) => part === undefined);
}
