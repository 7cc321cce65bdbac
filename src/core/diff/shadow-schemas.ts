import { qualifiedName, quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import type { SqlTableName } from '../sql/table-name.ts';

/** A schema and the one that stands in for it. */
export interface ShadowSchema {
  readonly name: string;
  readonly shadow: string;
}

/**
 * Names under which a plan can be made beside what is there. Only what the plan itself makes (`made`) is renamed: a function or a type of the user in the
 * same schema keeps its name.
 */
export class ShadowSchemas {
  readonly schemas: readonly ShadowSchema[];
  readonly #made: ReadonlySet<string>;

  constructor(schemas: readonly ShadowSchema[], made: readonly SqlTableName[]) {
    this.schemas = schemas;
    this.#made = new Set(made.map(({ schema, table }) => key(schema, table)));
  }

  shadowOf(schema: string): string {
    return this.schemas.find((entry) => entry.name === schema)?.shadow ?? schema;
  }

  /** A statement with every `schema.name` of the plan's own objects moved, also where a literal names one (`nextval('s.seq')`). */
  moveSql(sql: string): string {
    const tokens = sql.match(tokenPattern) ?? [];
    return tokens
      .map((token, i) => {
        if (token.startsWith("'")) return this.#moveLiteral(token);
        if (!isName(token) || tokens[i + 1] !== '.' || tokens[i - 1] === '.') return token;
        const name = tokens[i + 2] ?? '';
        return isName(name) ? (this.#moved(unquote(token), unquote(name)) ?? token) : token;
      })
      .join('');
  }

  /** Puts the real names back into every text of a value that PostgreSQL gave. */
  restore<T>(value: T): T {
    return mapStrings(value, (text) => this.#restoreText(text)) as T;
  }

  #moved(schema: string, name: string): string | null {
    return this.#made.has(key(schema, name)) ? quoteIdentifier(this.shadowOf(schema)) : null;
  }

  #moveLiteral(token: string): string {
    const found = wholeName.exec(token.slice(1, -1).replaceAll("''", "'"));
    if (found?.[1] === undefined || found[2] === undefined) return token;
    const [schema, name] = [unquote(found[1]), unquote(found[2])];
    return this.#moved(schema, name) === null ? token : quoteLiteral(qualifiedName(this.shadowOf(schema), name));
  }

  #restoreText(text: string): string {
    let restored = text;
    for (const { name, shadow } of this.schemas) {
      if (restored === shadow) return name;
      // A shadow needs quotes exactly when the real name does, so that only what stands between them is replaced.
      restored = restored.replaceAll(shadow, () => quoteIdentifier(name).slice(1, -1));
    }
    return restored;
  }
}

/** `digits`: random, so that nobody else's schema has the name. `needsQuotes`: as quote_ident() says of the real name. */
export function shadowName(digits: string, needsQuotes: boolean): string {
  return needsQuotes ? `Sluice shadow ${digits}` : `sluice_shadow_${digits}`;
}

const plainName = String.raw`[\p{L}_][\p{L}\p{N}_$]*`;
const quotedName = String.raw`"(?:[^"]|"")+"`;
const anyName = `(?:${quotedName}|${plainName})`;

/** Comments, dollar-quoted texts, E'' and '' literals, names, and anything else one character at a time. */
const tokenPattern = new RegExp(
  String.raw`--[^\n]*|/\*[^]*?\*/|\$(${plainName})?\$[^]*?\$\1\$|[eE]'(?:[^'\\]|''|\\[^])*'|'(?:[^']|'')*'|${anyName}|[^]`,
  'gu',
);
const wholeName = new RegExp(`^(${anyName})\\.(${anyName})$`, 'u');
const onlyName = new RegExp(`^${anyName}$`, 'u');

function isName(token: string): boolean {
  return onlyName.test(token);
}

/** As PostgreSQL reads it: what is not quoted is folded. */
function unquote(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}

function key(schema: string, name: string): string {
  return JSON.stringify([schema, name]);
}

function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapStrings(item, change)]));
}
