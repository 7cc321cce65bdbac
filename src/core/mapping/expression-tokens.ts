/** One piece of an expression; names are without their quotes. */
export interface Token {
  readonly kind: 'word' | 'name' | 'text' | 'number' | 'sign';
  readonly text: string;
}

const tokenPattern =
  /\s+|'((?:[^']|'')*)'|"((?:[^"]|"")*)"|`((?:[^`]|``)*)`|\[([^\]]*)\]|(\d+(?:\.\d*)?|\.\d+)|([\p{L}_][\p{L}\p{N}_$]*)|(<=|>=|<>|!=|==|[=<>(),-])|([^])/gu;

/** The pieces of a SQLite expression without blanks; null when there is a sign that no plain expression has. */
export function tokenizeExpression(text: string): readonly Token[] | null {
  const tokens: Token[] = [];
  for (const [, quoted, double, tick, bracket, number, word, sign, strange] of text.matchAll(tokenPattern)) {
    if (strange !== undefined) return null;
    if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted.replaceAll("''", "'") });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else {
      const name = double?.replaceAll('""', '"') ?? tick?.replaceAll('``', '`') ?? bracket;
      if (name !== undefined) tokens.push({ kind: 'name', text: name });
    }
  }
  return tokens;
}
