import { MigrationError } from '../errors.ts';
import type { RowsTable } from '../model/rows.ts';

type Dialect = RowsTable['dialect'];

/**
 * A user's condition as it may stand in brackets behind WHERE; null when there is none. It must be one whole expression: quotes, comments and brackets
 * closed, no second statement, no parameter, so that it cannot change what stands around it. Throws `filter-refused` with the character it stumbles over.
 */
export function checkFilter(filter: string | null, dialect: Dialect): string | null {
  if (filter === null || filter.trim() === '') return null;
  if (filter.includes('\0')) throw refused('it holds a NUL character', filter.indexOf('\0'));
  let depth = 0;
  let words = false;
  for (let at = 0; at < filter.length;) {
    const end = spanEnd(filter, at, dialect);
    if (end !== null) {
      words ||= !/^(--|\/\*)/.test(filter.slice(at, at + 2));
      at = end;
      continue;
    }
    const character = filter[at] ?? '';
    if (character === ';') throw refused('it holds a semicolon, so it would be more than one expression', at);
    if (character === '(') depth++;
    if (character === ')' && --depth < 0) throw refused('it closes a bracket that it did not open', at);
    if (isParameter(filter, at, dialect)) throw refused('it holds a parameter', at);
    words ||= !/\s/.test(character);
    at++;
  }
  if (depth > 0) throw refused('a bracket is not closed', filter.length - 1);
  if (!words) throw refused('it holds nothing but a comment', 0);
  return filter;
}

/** Where a comment or something quoted that begins at `at` ends; null when none begins there. */
function spanEnd(text: string, at: number, dialect: Dialect): number | null {
  const postgres = dialect === 'postgresql';
  if (text.startsWith('--', at)) return orEnd(text.indexOf('\n', at), text.length);
  if (text.startsWith('/*', at)) return commentEnd(text, at, postgres);
  const character = text[at];
  if (character === "'") return quotedEnd(text, at, "'", postgres && /(^|[^\w$])e$/i.test(text.slice(Math.max(0, at - 2), at)));
  if (character === '"') return quotedEnd(text, at, '"', false);
  if (!postgres && character === '`') return quotedEnd(text, at, '`', false);
  if (!postgres && character === '[') return closedBy(text, ']', at, at + 1);
  if (postgres && character === '$' && !/[\w$]/.test(text[at - 1] ?? '')) {
    const tag = /^\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/u.exec(text.slice(at, at + 128))?.[0];
    if (tag !== undefined) return closedBy(text, tag, at, at + tag.length);
  }
  return null;
}

/** PostgreSQL nests comments, SQLite does not. */
function commentEnd(text: string, start: number, nested: boolean): number {
  if (!nested) return closedBy(text, '*/', start, start + 2);
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text.startsWith('/*', at)) depth++;
    else if (text.startsWith('*/', at)) depth--;
    else continue;
    at++;
    if (depth === 0) return at + 1;
  }
  throw refused('a comment is not closed', start);
}

/** A doubled quote is part of the text; in an E'…' a backslash takes the next character along. */
function quotedEnd(text: string, start: number, quote: string, backslashes: boolean): number {
  for (let at = start + 1; at < text.length; at++) {
    if (backslashes && text[at] === '\\') at++;
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at + 1;
      at++;
    }
  }
  throw refused(`a quote (${quote}) is not closed`, start);
}

function closedBy(text: string, end: string, start: number, from: number): number {
  const found = text.indexOf(end, from);
  if (found < 0) throw refused(`what begins with ${text.slice(start, from)} is not closed`, start);
  return found + end.length;
}

/** $1 in PostgreSQL; ?, :name, @name and $name in SQLite. */
function isParameter(text: string, at: number, dialect: Dialect): boolean {
  const before = text[at - 1] ?? '';
  const after = text[at + 1] ?? '';
  if (dialect === 'postgresql') return text[at] === '$' && /\d/.test(after) && !/[\w$]/.test(before);
  return text[at] === '?' || (/[:@$]/.test(text[at] ?? '') && /[\p{L}\p{N}_]/u.test(after) && !/[\w$]/.test(before));
}

function orEnd(found: number, end: number): number {
  return found < 0 ? end : found;
}

/** `at` counts from 0; people count from 1. */
function refused(detail: string, at: number): MigrationError {
  return new MigrationError('filter-refused', { context: { detail, position: at + 1 } });
}
