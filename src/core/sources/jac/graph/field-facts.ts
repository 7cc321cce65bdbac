import { looksLikeEmbedding } from '../../../inference/looks-like-embedding.ts';
import { maxVectorDimensions } from '../../../model/vector-limits.ts';
import type { PythonValue, TaggedValue } from '../anchor.ts';

/** What a value is, as far as its column depends on it. */
export type ValueKind =
  | 'None'
  | 'bool'
  | 'int'
  | 'float'
  | 'str'
  | 'bytes'
  | 'datetime'
  | 'datetime with time zone'
  | 'date'
  | 'time'
  | 'time with time zone'
  | 'timedelta'
  | 'Decimal'
  | 'UUID'
  | 'Enum'
  /** A member of which only the name is known. */
  | 'name of Enum'
  /** A list of nothing but finite numbers, perhaps of none. */
  | 'list of numbers'
  | 'node'
  | 'list'
  | 'tuple'
  | 'set'
  | 'frozenset'
  | 'dict'
  | 'object'
  | 'foreign';

/** How a column is declared: the words of the cast rules for this source (`jac-cast-rules.ts`). */
export type ColumnWord =
  | 'None'
  | 'bool'
  | 'int'
  | 'int beyond 64 bits'
  | 'float'
  | 'Decimal'
  | 'str'
  | 'bytes'
  | 'datetime'
  | 'datetime with time zone'
  | 'date'
  | 'time'
  | 'time with time zone'
  | 'timedelta'
  | 'UUID'
  | 'Enum'
  | 'list'
  | 'node'
  | 'object';

const least64 = -(2n ** 63n);
const greatest64 = 2n ** 63n - 1n;

export function fits64(value: bigint): boolean {
  return value >= least64 && value <= greatest64;
}

/** The values that one field has in all records of a class, counted. */
export class FieldFacts {
  readonly counts = new Map<ValueKind, number>();
  #beyond64 = false;
  #beyondDouble = false;
  /** Of lists of numbers, without empty ones; a third length tells no more than a second. */
  readonly #lengths = new Set<number>();

  add(value: PythonValue): void {
    const kind = kindOfValue(value);
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    if (typeof value === 'bigint') {
      this.#beyond64 ||= !fits64(value);
      this.#beyondDouble ||= BigInt(Number(value)) !== value;
    }
    if (kind === 'list of numbers' && this.#lengths.size < 2) {
      const { length } = listItems(value);
      if (length > 0) this.#lengths.add(length);
    }
  }

  /** The one word for all values; values of kinds that no type of PostgreSQL has in common are kept as objects. */
  word(): ColumnWord {
    const kinds = new Set(this.counts.keys());
    kinds.delete('None');
    const only = (...some: readonly ValueKind[]): boolean => [...kinds].every((kind) => some.includes(kind));
    if (kinds.size === 0) return 'None';
    if (only('int')) return this.#beyond64 ? 'int beyond 64 bits' : 'int';
    if (only('int', 'float')) return this.#beyondDouble ? 'Decimal' : 'float';
    if (only('int', 'float', 'Decimal')) return 'Decimal';
    if (only('datetime', 'datetime with time zone')) return kinds.size > 1 ? 'datetime with time zone' : ([...kinds][0] as ColumnWord);
    const [kind] = kinds;
    return kinds.size > 1 || kind === undefined ? 'object' : (words[kind] ?? 'object');
  }

  /** Lists that are one embedding each, or empty because there was none yet. */
  holdsEmbeddings(field: string): boolean {
    const [length, other] = this.#lengths;
    if (this.word() !== 'list' || length === undefined || other !== undefined) return false;
    return length <= maxVectorDimensions && looksLikeEmbedding(field, length);
  }

  /** "41 str, 2 None". */
  describe(missing: number): string {
    const counted = [...this.counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([kind, count]) => `${count} ${kind}`);
    return [...counted, ...(missing > 0 ? [`${missing} missing`] : [])].join(', ');
  }
}

/** Where a kind alone in its column has a word of its own. */
const words: Readonly<Partial<Record<ValueKind, ColumnWord>>> = {
  bool: 'bool',
  str: 'str',
  bytes: 'bytes',
  date: 'date',
  time: 'time',
  'time with time zone': 'time with time zone',
  timedelta: 'timedelta',
  UUID: 'UUID',
  Enum: 'Enum',
  'name of Enum': 'Enum',
  'list of numbers': 'list',
  node: 'node',
};

function kindOfValue(value: PythonValue): ValueKind {
  switch (typeof value) {
    case 'string':
      return 'str';
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'float';
    default:
      return kindOfObject(value);
  }
}

function kindOfObject(value: null | Uint8Array | TaggedValue): ValueKind {
  if (value === null) return 'None';
  if (value instanceof Uint8Array) return 'bytes';
  switch (value.tag) {
    case 'uuid':
      return 'UUID';
    case 'decimal':
      return isDecimal(value.text) ? 'Decimal' : 'foreign';
    case 'datetime':
    case 'time':
      return hasZone(value.text) ? `${value.tag} with time zone` : value.tag;
    case 'enum':
      return kindOfMember(value.name, value.value);
    case 'list':
      return value.items.every(isFinite) ? 'list of numbers' : 'list';
    default:
      return value.tag;
  }
}

/** Signals and payloads of NaN are nothing that numeric knows. */
function isDecimal(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)(E[+-]?\d+)?$/i.test(text) || /^(NaN|[+-]?Infinity)$/.test(text);
}

function hasZone(text: string): boolean {
  return /([+-]\d\d:?\d\d(:?\d\d(\.\d+)?)?|Z)$/.test(text.slice(text.indexOf(':')));
}

function kindOfMember(name: string | null, value: PythonValue): ValueKind {
  if (value === null) return name === null ? 'foreign' : 'name of Enum';
  return typeof value === 'object' ? 'foreign' : 'Enum';
}

function isFinite(item: PythonValue): boolean {
  return typeof item === 'bigint' || (typeof item === 'number' && Number.isFinite(item));
}

export function listItems(value: PythonValue): readonly PythonValue[] {
  return typeof value === 'object' && value !== null && 'tag' in value && value.tag === 'list' ? value.items : [];
}
