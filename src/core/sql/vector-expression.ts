import { qualifiedName, quoteIdentifier } from './quote.ts';
import type { IndexedVectorType } from './vector-limits.ts';

/**
 * What an index makes of a vector column: a copy in half precision, one bit for the sign of each element, or a part of the elements.
 * `dimensions` null: the expression does not say how many there are, and pgvector builds no index without.
 */
export interface VectorExpression {
  readonly form: 'halfvec' | 'binary' | 'subvector';
  /** Unquoted. */
  readonly column: string;
  /** What the index holds. */
  readonly type: IndexedVectorType;
  readonly dimensions: number | null;
  /** First element of a subvector, from 1; else 1. */
  readonly start: number;
}

/** `embedding::halfvec(3072)`, `binary_quantize(embedding)::bit(4096)` or `subvector(embedding, 1, 512)::vector(512)`, however it is bracketed; else null. */
export function readVectorExpression(text: string): VectorExpression | null {
  try {
    return formOf(new Parser(tokensOf(text)).whole());
  } catch (error) {
    if (error instanceof NotThisGrammar) return null;
    throw error;
  }
}

/** The expression as SQL, without outer brackets. `schema`: of pgvector, null where the search path finds it. */
export function vectorExpressionSql(expression: VectorExpression, schema: string | null): string {
  const { form, type, dimensions, start } = expression;
  const column = quoteIdentifier(expression.column);
  const cast = `::${type === 'bit' ? 'bit' : typeName(type, schema)}${dimensions === null ? '' : `(${dimensions})`}`;
  if (form === 'halfvec') return `${column}${cast}`;
  if (form === 'binary') return `${typeName('binary_quantize', schema)}(${column})${cast}`;
  return `${typeName('subvector', schema)}(${column}, ${start}, ${String(dimensions)})${cast}`;
}

function typeName(name: string, schema: string | null): string {
  return schema === null ? name : qualifiedName(schema, name);
}

type Node =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Node[] }
  | { readonly kind: 'cast'; readonly of: Node; readonly type: string; readonly modifier: number | null };

function formOf(node: Node): VectorExpression | null {
  if (node.kind === 'call') return callForm(node, null);
  if (node.kind !== 'cast') return null;
  const { of: inner, type, modifier: dimensions } = node;
  if (inner.kind === 'name')
    return type === 'halfvec' ? { form: 'halfvec', column: inner.name, type: 'halfvec', dimensions, start: 1 } : null;
  return inner.kind === 'call' ? callForm(inner, node) : null;
}

function callForm(call: Extract<Node, { kind: 'call' }>, cast: Extract<Node, { kind: 'cast' }> | null): VectorExpression | null {
  const [column, start, length] = call.arguments;
  if (column?.kind !== 'name') return null;
  const dimensions = cast?.modifier ?? null;
  if (call.name === 'binary_quantize' && call.arguments.length === 1 && (cast === null || cast.type === 'bit'))
    return { form: 'binary', column: column.name, type: 'bit', dimensions, start: 1 };
  const type = cast?.type ?? 'vector';
  if (call.name !== 'subvector' || start?.kind !== 'number' || length?.kind !== 'number') return null;
  if (type !== 'vector' && type !== 'halfvec') return null;
  return { form: 'subvector', column: column.name, type, dimensions, start: start.value };
}

class NotThisGrammar extends SyntaxError {}

/** Quoted and plain names, whole numbers, `::` and single characters; blanks between them. */
function tokensOf(text: string): readonly string[] {
  return text.match(/"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*|\d+|::|\S/gu) ?? [];
}

/** Casts of names and calls of functions with names and numbers, in brackets or not. */
class Parser {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  whole(): Node {
    const node = this.#expression();
    if (this.#at < this.#tokens.length) throw new NotThisGrammar();
    return node;
  }

  #expression(): Node {
    let node = this.#primary();
    while (this.#takes('::')) {
      const type = this.#name();
      node = { kind: 'cast', of: node, type, modifier: this.#takes('(') ? this.#numberBefore(')') : null };
    }
    return node;
  }

  #primary(): Node {
    if (this.#takes('(')) {
      const node = this.#expression();
      this.#expect(')');
      return node;
    }
    const number = this.#peek();
    if (/^\d+$/.test(number)) {
      this.#at += 1;
      return { kind: 'number', value: Number(number) };
    }
    const name = this.#name();
    return this.#takes('(') ? { kind: 'call', name, arguments: this.#list() } : { kind: 'name', name };
  }

  #list(): readonly Node[] {
    const list: Node[] = [this.#expression()];
    while (this.#takes(',')) list.push(this.#expression());
    this.#expect(')');
    return list;
  }

  /** The last part of a qualified name, as PostgreSQL reads it: what is not quoted is folded. */
  #name(): string {
    const token = this.#peek();
    if (!/^["\p{L}_]/u.test(token)) throw new NotThisGrammar();
    this.#at += 1;
    if (this.#takes('.')) return this.#name();
    return token.startsWith('"') ? token.slice(1, -1).replaceAll('""', '"') : token.toLowerCase();
  }

  #numberBefore(end: string): number {
    const token = this.#peek();
    if (!/^\d+$/.test(token)) throw new NotThisGrammar();
    this.#at += 1;
    this.#expect(end);
    return Number(token);
  }

  #peek(): string {
    return this.#tokens[this.#at] ?? '';
  }

  #takes(token: string): boolean {
    if (this.#peek() !== token) return false;
    this.#at += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#takes(token)) throw new NotThisGrammar();
  }
}
