/** Dialects whose expressions are translated by their own grammar. */
const ownGrammar: ReadonlySet<string> = new Set(['sqlite']);

/** What SQLite and other dialects mean alike: names, numbers, texts, comparisons, sums and products, and the words of logic. */
const alike = /^(?:"(?:[^"]|"")*"|'(?:[^']|'')*'|\d+(?:\.\d+)?|<>|!=|<=|>=|[=<>+*(),-]|[\p{L}_][\p{L}\p{N}_]*|\s)+$/u;
const call = /([\p{L}_][\p{L}\p{N}_]*)\s*\(/gu;
const words = /^(?:and|or|not|in|between|is|null)$/i;
const unlike = /\b(?:like|ilike|glob|similar|regexp|match|collate|case|cast|escape|distinct|any|all|exists|select)\b/i;

/**
 * Whether an expression may be read by SQLite's grammar although it was written in another dialect: nothing in it has another meaning there, as a
 * division of integers has.
 */
export function readsAlike(expression: string, dialect: string): boolean {
  if (ownGrammar.has(dialect)) return true;
  const outside = expression.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, ' ');
  if (!alike.test(expression) || unlike.test(outside)) return false;
  return [...outside.matchAll(call)].every(([, name = '']) => words.test(name));
}

/** Why one that does not is left. */
export const unlikeReason = 'it is written in a dialect of which only plain comparisons and sums are translated';
