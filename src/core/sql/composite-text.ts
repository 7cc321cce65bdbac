/**
 * Fields of a row as PostgreSQL prints it, `(1,"a, b",)`: nothing between two commas is NULL, `""` is the empty text.
 * https://www.postgresql.org/docs/current/rowtypes.html#ROWTYPES-IO-SYNTAX
 */
export function parseComposite(text: string): readonly (string | null)[] {
  const fields: (string | null)[] = [];
  let at = 1;
  while (at < text.length) {
    const { value, end } = readField(text, at);
    fields.push(value);
    at = end + 1;
  }
  return fields;
}

/** `end`: place of the comma or the closing parenthesis behind the field. */
function readField(text: string, from: number): { readonly value: string | null; readonly end: number } {
  let value: string | null = null;
  let quoted = false;
  let at = from;
  for (; at < text.length; at++) {
    const character = text.charAt(at);
    const isQuote = character === '"';
    if (!quoted && (character === ',' || character === ')')) break;
    if (isQuote && !(quoted && text.charAt(at + 1) === '"')) {
      quoted = !quoted;
      value ??= '';
      continue;
    }
    // Quotes and backslashes are doubled, the latter outside of quotes too.
    if (isQuote || character === '\\') at += 1;
    value = (value ?? '') + text.charAt(at);
  }
  return { value, end: at };
}
