import type { AnchorAccess, PythonValue, TaggedValue } from '../anchor.ts';

const largestSafe = 2n ** 53n;

/**
 * A value as JSON that tells what it was: what JSON has no word for is an object with one key that begins with `$` ($datetime, $set, $map …; the list is in
 * docs/sources/jac.md). A float always shows a fraction, so that 1 and 1.0 stay apart.
 */
export function valueJson(value: PythonValue): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
      return String(value);
    case 'bigint':
      return value <= largestSafe && value >= -largestSafe ? String(value) : tag('bigint', JSON.stringify(String(value)));
    case 'number':
      return floatJson(value);
    default:
      if (value === null) return 'null';
      return value instanceof Uint8Array ? tag('bytes', `"${hex(value)}"`) : taggedJson(value);
  }
}

/** `{ "all": -1, "roots": { id: 2 } }`. */
export function accessJson({ all, roots }: AnchorAccess): string {
  return JSON.stringify({ all, roots: Object.fromEntries(roots) });
}

export function fieldsJson(fields: ReadonlyMap<string, PythonValue>): string {
  return `{${[...fields].map(([name, value]) => `${JSON.stringify(name)}:${valueJson(value)}`).join(',')}}`;
}

function taggedJson(value: TaggedValue): string {
  switch (value.tag) {
    case 'list':
      return listJson(value.items);
    case 'tuple':
      return tag('tuple', listJson(value.items));
    case 'set':
    case 'frozenset':
      // A set has no order; the same set is the same text.
      return tag(value.tag, `[${value.items.map(valueJson).toSorted().join(',')}]`);
    case 'dict':
      return dictJson(value.entries);
    case 'datetime':
      return value.zone === null
        ? tag('datetime', JSON.stringify(value.text))
        : tag('datetime', JSON.stringify(value.text), ['zone', value.zone]);
    case 'timedelta':
      return tag('timedelta', totalSeconds(value));
    case 'enum':
      return tag('enum', listJson([value.className, value.name, value.value]));
    case 'object':
      return `{"$object":${JSON.stringify(`${value.module}.${value.className}`)},"fields":${fieldsJson(value.fields)}}`;
    case 'node':
      return tag('ref', JSON.stringify(value.id));
    case 'foreign':
      return `{"$foreign":${JSON.stringify(`${value.module}.${value.name}`)},"args":${listJson(value.args)},"state":${valueJson(value.state)}}`;
    default:
      return tag(value.tag, JSON.stringify(value.text));
  }
}

/** An object of its own where every key is a text and none could be taken for a tag. */
function dictJson(entries: readonly (readonly [PythonValue, PythonValue])[]): string {
  const isPlain = entries.every(([key]) => typeof key === 'string' && !key.startsWith('$'));
  if (isPlain && new Set(entries.map(([key]) => key)).size === entries.length)
    return fieldsJson(new Map(entries as [string, PythonValue][]));
  return tag('map', `[${entries.map(([key, value]) => `[${valueJson(key)},${valueJson(value)}]`).join(',')}]`);
}

function listJson(items: readonly PythonValue[]): string {
  return `[${items.map(valueJson).join(',')}]`;
}

/** jsonb keeps every digit, but no sign of zero, and of a large float no fraction. */
function floatJson(value: number): string {
  if (!Number.isFinite(value)) return tag('float', `"${Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'}"`);
  if (Object.is(value, -0)) return tag('float', '"-0.0"');
  if (!Number.isInteger(value)) return String(value);
  return Math.abs(value) < 1e15 ? `${value}.0` : tag('float', `"${value}"`);
}

/** Python's own total, exactly. */
function totalSeconds({ days, seconds, microseconds }: Extract<TaggedValue, { readonly tag: 'timedelta' }>): string {
  const micros = (BigInt(days) * 86_400n + BigInt(seconds)) * 1_000_000n + BigInt(microseconds);
  const digits = String(micros < 0n ? -micros : micros).padStart(7, '0');
  return `${micros < 0n ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

function tag(name: string, json: string, beside?: readonly [string, string]): string {
  return `{"$${name}":${json}${beside === undefined ? '' : `,"${beside[0]}":${JSON.stringify(beside[1])}`}}`;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
