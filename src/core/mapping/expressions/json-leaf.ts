import { quoteLiteral } from '../../sql/quote.ts';
import { plainValue, type Value } from './expression-value.ts';

/** A part of a document as text, under a path of plain keys and positions; null for any other path, or what is no column of documents. */
export function jsonLeaf(value: Value | undefined, path: Value | undefined): Value | null {
  if (value?.family !== 'json' || path?.family !== 'text' || path.literal === null) return null;
  const steps = stepsOf(path.literal);
  if (steps === null) return null;
  const array = `{${steps.map((step) => `"${step.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
  return { ...plainValue, sql: `(${value.sql} #>> ${quoteLiteral(array)})`, family: 'json-leaf' };
}

/** What kind of value a part of a document is, for a column whose values are all of one class. */
export function leafAs(leaf: string, storage: 'text' | 'integer' | 'real'): string {
  const node = leaf.replace(' #>> ', ' #> ');
  if (storage === 'text') return `(CASE jsonb_typeof(${node}) WHEN 'string' THEN ${leaf} END)`;
  if (storage === 'real') return `(CASE jsonb_typeof(${node}) WHEN 'number' THEN ${leaf}::double precision END)`;
  return `(CASE jsonb_typeof(${node}) WHEN 'number' THEN ${leaf}::numeric::bigint WHEN 'boolean' THEN ${leaf}::boolean::integer::bigint END)`;
}

/** `$.a."b c"[0]` → a, b c, 0 */
function stepsOf(path: string): readonly string[] | null {
  if (!path.startsWith('$')) return null;
  const steps: string[] = [];
  let rest = path.slice(1);
  while (rest !== '') {
    const [whole, quoted, word, position] = /^(?:\."([^"\\]*)"|\.([^.["\]]+)|\[(\d+)\])/.exec(rest) ?? [];
    const step = quoted ?? word ?? position;
    if (whole === undefined || step === undefined) return null;
    steps.push(step);
    rest = rest.slice(whole.length);
  }
  return steps.length === 0 ? null : steps;
}
