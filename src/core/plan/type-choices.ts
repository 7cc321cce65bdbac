import { readDeclaredType } from '../mapping/declared-type.ts';
import type { PgType } from '../model/pg-type.ts';
import { plural } from '../model/plural.ts';
import { formatPgType, tryParsePgType } from '../sql/pg-type.ts';
import { readEvidence, type ColumnEvidence } from './read-evidence.ts';

/** A type that a column may be given. */
export interface OfferedType {
  readonly type: string;
  /** Why one would choose it, for a pick list: "current", "as declared (REAL) · holds every value". */
  readonly detail: string;
  /** Whether it holds every value that was looked at; null when the evidence does not tell. */
  readonly fits: boolean | null;
}

/** Of a plan's column only what bears on its type. */
export interface ColumnToType {
  readonly type: string;
  readonly evidence: string;
}

/**
 * Types for a column's pick list: the current one first, then wider ones of its kind, then other ways to keep the same values, each once. `declared`:
 * the type in the source, verbatim, null when nobody knows. A current type that cannot be read is followed by the plain ones.
 */
export function typeChoices(column: ColumnToType, declared: string | null, dialect = 'sqlite'): readonly OfferedType[] {
  const evidence = readEvidence(column.evidence);
  const current = tryParsePgType(column.type);
  const asDeclared = declared === null ? null : declaredType(declared, dialect);
  const candidates = [column.type, ...wider(current, evidence), ...(asDeclared === null ? [] : [asDeclared]), ...others(current, evidence)];
  return unique(candidates).map((type, i) => {
    const fits = holdsAll(type, evidence);
    const why = [
      ...(i === 0 ? ['current'] : []),
      ...(type === asDeclared ? [`as declared (${declared ?? ''})`] : []),
      ...(fits === null ? [] : [describeFit(fits, evidence)]),
    ];
    return { type, fits, detail: (why.length > 0 ? why : [describeType(type)]).join(' · ') };
  });
}

/** The types that a column's values need, closest first; empty when its own holds them all or nobody knows better. */
export function widerTypes(column: ColumnToType): readonly string[] {
  const evidence = readEvidence(column.evidence);
  const current = tryParsePgType(column.type);
  const candidates = unique([column.type, ...wider(current, evidence)]).slice(1);
  return candidates.filter((type) => holdsAll(type, evidence) !== false);
}

/** The same kind with more room. */
function wider(type: PgType | null, evidence: ColumnEvidence): readonly string[] {
  if (type === null || type.arrayDepth > 0) return [];
  switch (type.name) {
    case 'smallint':
      return ['integer', 'bigint', 'numeric'];
    case 'integer':
      return ['bigint', 'numeric'];
    case 'bigint':
      return ['numeric'];
    case 'numeric':
      return [...fittedNumeric(type.modifiers, evidence), 'numeric'];
    case 'real':
      return ['double precision', 'numeric'];
    case 'double precision':
      return ['numeric'];
    case 'varchar':
    case 'char':
      return [...fittedVarchar(type.modifiers[0], evidence), 'text'];
    case 'date':
      return ['timestamptz', 'timestamp'];
    case 'halfvec':
      return [type.modifiers.length === 1 ? `vector(${type.modifiers.join()})` : 'vector'];
    default:
      return [];
  }
}

function others(type: PgType | null, evidence: ColumnEvidence): readonly string[] {
  const name = type?.arrayDepth === 0 ? type.name : null;
  if (name === 'vector') return [type?.modifiers.length === 1 ? `halfvec(${type.modifiers.join()})` : 'halfvec', 'bytea', 'jsonb'];
  if (name === 'halfvec') return ['bytea', 'jsonb'];
  if (name === 'bytea' || evidence.only === 'blob') return ['bytea', 'text'];
  const byFormat = evidence.format === null ? [] : (formatTypes[evidence.format] ?? []);
  return [...byFormat, ...numberTypes(name, evidence), ...(alike[name ?? ''] ?? []), 'text'];
}

/** What texts of one way to write could be stored as. */
const formatTypes: Readonly<Record<string, readonly string[]>> = {
  UUIDs: ['uuid'],
  'plain numbers': ['numeric'],
  'true or false': ['boolean'],
  dates: ['date'],
  'times of day': ['time'],
  'date-times': ['timestamptz', 'timestamp'],
  'JSON objects': ['jsonb', 'json'],
  'JSON arrays': ['jsonb', 'json'],
};

const alike: Readonly<Record<string, readonly string[]>> = {
  boolean: ['smallint'],
  timestamptz: ['timestamp', 'date'],
  timestamp: ['timestamptz', 'date'],
  json: ['jsonb'],
  jsonb: ['json'],
  numeric: ['double precision'],
};

/** Number types that are known to hold every value, narrowest first; not for a column of texts. */
function numberTypes(name: string | null, evidence: ColumnEvidence): readonly string[] {
  if (name === 'text' || name === 'varchar' || evidence.only === 'text') return [];
  if (evidence.only === 'integer' && evidence.integers !== null) {
    const { min, max } = evidence.integers;
    const isFlag = min >= 0n && max <= 1n;
    return [...(isFlag ? ['boolean'] : []), ...['smallint', 'integer', 'bigint'].filter((type) => holdsAll(type, evidence) === true)];
  }
  return name === 'real' || name === 'double precision' ? fittedNumeric([], evidence) : [];
}

/** numeric(p,s) that holds the values and what was declared before. */
function fittedNumeric(declared: readonly number[], { integerDigits, scale }: ColumnEvidence): readonly string[] {
  if (integerDigits === null || scale === null || scale > 16) return [];
  const [precision, declaredScale = 0] = declared;
  const fittedScale = Math.max(scale, declaredScale);
  const fitted = Math.max(integerDigits, precision === undefined ? 1 : precision - declaredScale) + fittedScale;
  return [`numeric(${fitted},${fittedScale})`];
}

function fittedVarchar(declared: number | undefined, { longest }: ColumnEvidence): readonly string[] {
  return declared === undefined || longest === null || longest <= declared ? [] : [`varchar(${longest})`];
}

function declaredType(declared: string, dialect: string): string | null {
  const { type, modifiers, enforced } = readDeclaredType(declared, dialect);
  if (enforced !== undefined) return formatPgType(enforced);
  return type === null || (type === 'vector' && modifiers.length === 0)
    ? null
    : formatPgType({ name: type, schema: null, modifiers, arrayDepth: 0 });
}

const integerLimits: Readonly<Record<string, bigint>> = { smallint: 2n ** 15n, integer: 2n ** 31n, bigint: 2n ** 63n };

function holdsAll(text: string, evidence: ColumnEvidence): boolean | null {
  const type = tryParsePgType(text);
  if (type === null || type.arrayDepth > 0) return null;
  const limit = integerLimits[type.name];
  if (limit !== undefined) return holdsIntegers(limit, evidence);
  if (type.name === 'text') return evidence.only === 'blob' ? null : true;
  if (type.name === 'varchar' && evidence.longest !== null) return type.modifiers[0] === undefined || evidence.longest <= type.modifiers[0];
  return type.name === 'numeric' ? holdsDecimals(type.modifiers, evidence) : null;
}

function holdsIntegers(limit: bigint, { only, integers, scale }: ColumnEvidence): boolean | null {
  if (scale !== null && scale > 0) return false;
  return only !== 'integer' || integers === null ? null : integers.min >= -limit && integers.max < limit;
}

function holdsDecimals([precision, scale = 0]: readonly number[], evidence: ColumnEvidence): boolean | null {
  if (evidence.only === 'text' || evidence.only === 'blob') return null;
  if (precision === undefined) return evidence.only === null && evidence.integerDigits === null ? null : true;
  if (evidence.integerDigits === null || evidence.scale === null) return null;
  return evidence.integerDigits <= precision - scale && evidence.scale <= scale;
}

function describeFit(fits: boolean, { sample }: ColumnEvidence): string {
  const values = sample === null ? 'every value' : `every value of a sample of ${plural(sample, 'row')}`;
  return fits ? `holds ${values}` : `does not hold ${values}`;
}

const words: Readonly<Record<string, string>> = {
  smallint: 'integers up to 32,767',
  integer: 'integers up to 2,147,483,647',
  bigint: 'integers of 64 bits',
  numeric: 'exact decimals of any size',
  real: 'about 6 digits',
  'double precision': 'about 15 digits',
  text: 'any text',
  varchar: 'text with a limit',
  boolean: 'true or false',
  bytea: 'bytes as they are',
  json: 'JSON as written',
  jsonb: 'JSON, searchable',
  date: 'a day',
  time: 'a time of day',
  timestamp: 'a moment without a zone',
  timestamptz: 'a moment, kept in UTC',
  uuid: '16 bytes',
  vector: 'float32 each',
  bit: 'one bit each, compared by how many differ',
  halfvec: 'float16 each: values are rounded, indexes reach 4,000 dimensions',
};

function describeType(text: string): string {
  return words[tryParsePgType(text)?.name ?? ''] ?? '';
}

function unique(types: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return types.filter((text) => {
    const type = tryParsePgType(text);
    const key = type === null ? text : formatPgType(type);
    return seen.has(key) ? false : seen.add(key);
  });
}
