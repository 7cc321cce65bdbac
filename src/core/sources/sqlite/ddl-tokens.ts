/** One word, name, literal or sign of SQLite's DDL. Comments and white space are gone. */
export interface DdlToken {
  /** Upper-case for bare words; as written for the rest. */
  readonly word: string;
  /** Bare words and quoted names without their quotes; null for signs and literals. */
  readonly name: string | null;
  /** Parentheses open around the token; "(" and ")" count as outside. */
  readonly depth: number;
  readonly start: number;
  readonly end: number;
}

// https://sqlite.org/lang_comment.html, https://sqlite.org/lang_keywords.html (four ways to quote), blob literals before words
const pattern =
  /(?<space>\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<text>[xX]?'(?:[^']|'')*')|(?<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])|(?<number>\d[\w.]*)|(?<bare>[\p{L}_$\u0080-\u{10ffff}][\p{L}\p{N}_$\u0080-\u{10ffff}]*)|(?<sign>[\s\S])/guy;

/** Splits the text of a CREATE statement as SQLite stored it. Never throws: SQLite accepted the text before. */
export function ddlTokens(sql: string): readonly DdlToken[] {
  const tokens: DdlToken[] = [];
  let depth = 0;
  for (const match of sql.matchAll(pattern)) {
    const { space, quoted, bare } = match.groups!;
    if (space !== undefined) continue;
    const text = match[0];
    if (text === ')') depth--;
    const name = bare ?? (quoted === undefined ? null : unquote(quoted));
    tokens.push({ word: bare === undefined ? text : text.toUpperCase(), name, depth, start: match.index, end: match.index + text.length });
    if (text === '(') depth++;
  }
  return tokens;
}

/** The tokens between `open` (position of a "(", or -1 for none) and its ")". */
export function enclosed(tokens: readonly DdlToken[], open: number): readonly DdlToken[] {
  if (open === -1) return [];
  const depth = tokens[open]!.depth;
  const close = tokens.findIndex((token, i) => i > open && token.word === ')' && token.depth === depth);
  return tokens.slice(open + 1, close === -1 ? undefined : close);
}

/** Splits at the commas of the outermost level of `tokens`. */
export function splitAtCommas(tokens: readonly DdlToken[]): readonly (readonly DdlToken[])[] {
  const level = tokens[0]?.depth ?? 0;
  const parts: DdlToken[][] = [[]];
  for (const token of tokens) {
    if (token.word === ',' && token.depth === level) parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts.filter((part) => part.length > 0);
}

/** The text that `tokens` were cut from, comments between them included. */
export function textOf(sql: string, tokens: readonly DdlToken[]): string {
  return tokens.length === 0 ? '' : sql.slice(tokens[0]!.start, tokens.at(-1)!.end);
}

function unquote(quoted: string): string {
  const mark = quoted[0]!;
  const inner = quoted.slice(1, -1);
  return mark === '[' ? inner : inner.replaceAll(mark + mark, mark);
}
