import { traverse, type AstNode, type Expr } from 'sqlite3-parser';
import { parseStatement } from '../../dialect/parse-sqlite.ts';
import { qualifiedName, quoteIdentifier, quoteLiteral } from '../../sql/quote.ts';
import { safeFunctions, renamedFunctions } from './function-names.ts';
import { TextEdits } from './text-edits.ts';

/** What tables and columns are called in PostgreSQL. Names of the store have no case. */
export interface ViewNames {
  readonly schema: string;
  /** null when nothing of that name is carried over. */
  table(name: string): string | null;
  /** null when no table has such a column. */
  column(name: string): { readonly to: string; readonly type: string } | null;
}

export interface ViewDraft {
  readonly sql: string;
  /** What a person has to look at before it can be used; empty when nothing was found. */
  readonly doubts: readonly string[];
}

/**
 * A CREATE VIEW of PostgreSQL to start from (S23): names, quotes, operators and functions changed where that is safe, everything else as it was written
 * and named as a doubt. null when the text cannot be read.
 */
export function draftView(definition: string, to: string, names: ViewNames): ViewDraft | null {
  const view = parseStatement(definition);
  if (view?.type !== 'CreateViewStmt') return null;
  const draft = new Draft(definition, names);
  traverse(view.select, { enter: (node) => draft.noteNames(node) });
  traverse(view.select, { enter: (node, parent) => draft.visit(node, parent) });
  const columns = view.columns === undefined ? '' : ` (${view.columns.map(({ colName }) => quoteIdentifier(colName.text)).join(', ')})`;
  const sql = `CREATE VIEW ${qualifiedName(names.schema, to)}${columns} AS ${draft.edits.result(view.select)}`;
  return { sql, doubts: [...draft.doubts] };
}

/** What a view calls its columns, for the views that read it; empty when the text cannot be read. */
export function columnsOfView(definition: string): readonly string[] {
  const view = parseStatement(definition);
  if (view?.type !== 'CreateViewStmt') return [];
  const names = (view.columns ?? []).map(({ colName }) => colName.text);
  traverse(view.select, { enter: (node) => void ((node.type === 'AsAs' || node.type === 'ElidedAs') && names.push(node.name.text)) });
  return names;
}

class Draft {
  readonly edits: TextEdits;
  readonly doubts = new Set<string>();
  readonly #names: ViewNames;
  /** Aliases and common table expressions as they were first spelled, by their lower case. */
  readonly #own = new Map<string, string>();
  readonly #tables = new Set<string>();

  constructor(text: string, names: ViewNames) {
    this.edits = new TextEdits(text);
    this.#names = names;
  }

  noteNames(node: AstNode): void {
    if (node.type === 'AsAs' || node.type === 'ElidedAs') this.#own.set(node.name.text.toLowerCase(), node.name.text);
    if (node.type === 'CommonTableExpr') {
      this.#own.set(node.tblName.text.toLowerCase(), node.tblName.text);
      this.#tables.add(node.tblName.text.toLowerCase());
      for (const { colName } of node.columns ?? []) this.#own.set(colName.text.toLowerCase(), colName.text);
    }
  }

  visit(node: AstNode, parent: AstNode | undefined): void {
    if (node.type === 'AsAs' || node.type === 'ElidedAs') this.edits.replace(node.name, quoteIdentifier(node.name.text));
    else if (node.type === 'CommonTableExpr') this.edits.replace(node.tblName, quoteIdentifier(node.tblName.text));
    else if (node.type === 'TableSelectTable') this.#table(node);
    else if (node.type === 'TableStarResultColumn') this.edits.replace(node.table, this.#qualifier(node.table.text));
    else if (node.type === 'FunctionCallExpr') this.#call(node);
    else if (node.type === 'Id' && !isCalled(node, parent)) this.#named(node.name, node);
    else if (node.type === 'QualifiedExpr') this.#qualified(node);
    else if (node.type === 'UsingJoinConstraint') for (const name of node.columns) this.#named(name.text, name);
    else this.#syntax(node);
  }

  #table({ tblName, indexed }: Extract<AstNode, { type: 'TableSelectTable' }>): void {
    const name = tblName.objName.text;
    if (indexed !== undefined) this.edits.replace(indexed, '');
    if (this.#tables.has(name.toLowerCase()))
      return this.edits.replace(tblName.objName, quoteIdentifier(this.#own.get(name.toLowerCase()) ?? name));
    const to = this.#names.table(name);
    if (to === null) this.doubts.add(`${name} is not carried over`);
    const place = { span: { ...tblName.objName.span, offset: (tblName.dbName ?? tblName.objName).span.offset } };
    const length = tblName.objName.span.offset + tblName.objName.span.length - place.span.offset;
    this.edits.replace({ span: { offset: place.span.offset, length } }, qualifiedName(this.#names.schema, to ?? name));
  }

  /** A column, an alias, or a text in the wrong quotes. */
  #named(name: string, place: AstNode): void {
    const written = this.edits.at(place);
    const column = this.#names.column(name)?.to ?? this.#own.get(name.toLowerCase());
    if (column !== undefined) return this.edits.replace(place, quoteIdentifier(column));
    if (written.startsWith('"')) return this.edits.replace(place, quoteLiteral(name));
    if (/^(?:true|false)$/i.test(written)) return;
    if (/^(?:_?rowid_?|oid)$/i.test(name)) this.doubts.add('PostgreSQL has no rowid');
    else this.doubts.add(`no table has a column ${name}`);
  }

  #qualified({ schema, table, column }: Extract<Expr, { type: 'QualifiedExpr' }>): void {
    if (schema !== undefined) this.doubts.add(`${schema.text} is no schema of the target`);
    this.edits.replace(table, this.#qualifier(table.text));
    this.#named(column.text, column);
  }

  #qualifier(name: string): string {
    return quoteIdentifier(this.#own.get(name.toLowerCase()) ?? this.#names.table(name) ?? name);
  }

  #call({ name, args = [] }: Extract<Expr, { type: 'FunctionCallExpr' }>): void {
    const called = name.name.toLowerCase();
    const [first] = args;
    if (called === 'group_concat' && args.length === 1 && first !== undefined) {
      this.edits.replace(name, 'string_agg');
      this.edits.replace({ span: { offset: first.span.offset + first.span.length, length: 0 } }, "::text, ','");
      return;
    }
    const other = renamedFunctions[called];
    if (other !== undefined) this.edits.replace(name, other);
    else if (!safeFunctions.has(called) || ((called === 'max' || called === 'min') && args.length > 1))
      this.doubts.add(`${called}() is another function in PostgreSQL, or none`);
  }

  #syntax(node: AstNode): void {
    if (node.type === 'BinaryExpr') this.#operator(node);
    else if (node.type === 'LikeExpr') this.#like(node);
    else if (node.type === 'NotNullExpr')
      this.edits.replace({ span: { offset: end(node.expr), length: end(node) - end(node.expr) } }, ' IS NOT NULL');
    else if (node.type === 'IsNullExpr')
      this.edits.replace({ span: { offset: end(node.expr), length: end(node) - end(node.expr) } }, ' IS NULL');
    else if (node.type === 'CollateExpr') this.doubts.add(`there is no collation ${node.collation}`);
    else if (node.type === 'BlobLiteral') this.edits.replace(node, `'\\x${Buffer.from(node.bytes).toString('hex')}'::bytea`);
    else if (node.type === 'InTableExpr' || node.type === 'TableCallSelectTable')
      this.doubts.add(`${this.edits.at(node)} has no counterpart`);
    else if (node.type === 'Limit' && node.offset !== undefined)
      this.edits.replaceBetween(
        { span: { offset: node.span.offset, length: 0 } },
        { span: { offset: end(node), length: 0 } },
        /[\s\S]*/,
        this.#limit(node),
      );
  }

  /** LIMIT 5, 10 leaves out five. */
  #limit({ expr, offset }: Extract<AstNode, { type: 'Limit' }>): string {
    return `LIMIT ${this.edits.at(expr)} OFFSET ${offset === undefined ? '0' : this.edits.at(offset)}`;
  }

  #operator({ left, op, right }: Extract<Expr, { type: 'BinaryExpr' }>): void {
    if (op === 'Equals') this.edits.replaceBetween(left, right, /==/, '=');
    if (op === 'Is' && right.type !== 'NullLiteral') this.edits.replaceBetween(left, right, /\bIS\b/i, 'IS NOT DISTINCT FROM');
    if (op === 'IsNot' && right.type !== 'NullLiteral') this.edits.replaceBetween(left, right, /\bIS\s+NOT\b/i, 'IS DISTINCT FROM');
    const truth = left.type === 'Id' && this.#names.column(left.name)?.type === 'boolean' && right.type === 'NumericLiteral';
    if (truth && (right.value === '0' || right.value === '1')) this.edits.replace(right, right.value === '1' ? 'true' : 'false');
    if (op === 'ArrowRight' || op === 'ArrowRightShift') this.doubts.add('paths into documents are written otherwise in PostgreSQL');
  }

  #like({ lhs, op, rhs }: Extract<Expr, { type: 'LikeExpr' }>): void {
    if (op === 'Like') this.edits.replaceBetween(lhs, rhs, /\bLIKE\b/i, 'ILIKE');
    else this.doubts.add(`${op.toUpperCase()} has no counterpart`);
  }
}

function isCalled(node: AstNode, parent: AstNode | undefined): boolean {
  return (parent?.type === 'FunctionCallExpr' || parent?.type === 'FunctionCallStarExpr') && parent.name === node;
}

function end({ span }: { readonly span: { readonly offset: number; readonly length: number } }): number {
  return span.offset + span.length;
}
