import type { ColumnProfile, TextFormat } from '../model/column-profile.ts';
import type { PgType } from '../model/pg-type.ts';
import type { ConverterName, ConvertOptions } from '../model/type-mapping.ts';

/** How a column's values are to be stored: the type and the rule that reads them. */
export interface TypeMapping {
  readonly type: PgType;
  readonly convert: ConverterName;
  /** Texts that stand for NULL. */
  readonly nullTokens?: readonly string[];
}

export type ValuePolicy = Pick<ConvertOptions, 'emptyText' | 'nulBytes' | 'invalidText'>;

/**
 * How many of a column's non-null values the mapping would turn away, as far as the profile tells. Where it only has bounds (one integer out of
 * range, one text too long) all values of that storage class count: never fewer than there are.
 */
export function countContradictions(mapping: TypeMapping, profile: ColumnProfile, policy: ValuePolicy): number {
  const accepted = acceptedBy(mapping, profile, policy);
  return countValues(mapping.type, profile, policy) - countNullTokens(profile, mapping.nullTokens ?? []) - accepted;
}

/** Non-null values, without the empty texts that count as NULL in a column of this type. */
export function countValues(type: PgType, profile: ColumnProfile, policy: ValuePolicy): number {
  return profile.rows - profile.nulls - countEmptyAsNull(type, profile, policy);
}

/** Texts that are read as NULL. */
export function countNullTokens({ nullTokens = {} }: ColumnProfile, tokens: readonly string[]): number {
  return tokens.reduce((sum, token) => sum + (nullTokens[token] ?? 0), 0);
}

/** Empty texts that become NULL in a column of this type. */
export function countEmptyAsNull(type: PgType, profile: ColumnProfile, policy: ValuePolicy): number {
  return policy.emptyText === 'null' && !keepsEmptyText.has(type.name) ? profile.textEmpty : 0;
}

/** '' is a value of these types. */
const keepsEmptyText: ReadonlySet<string> = new Set(['text', 'varchar', 'char', 'bytea']);

function acceptedBy({ type, convert }: TypeMapping, profile: ColumnProfile, policy: ValuePolicy): number {
  const numbers = profile.integers + profile.reals - profile.realNonFinite;
  if (convert === 'epoch-s' || convert === 'epoch-ms' || convert === 'epoch-us' || convert === 'julian') return numbers;
  if (convert === 'decimal-comma' || convert === 'grouped-comma') return formats(profile, convert, 'decimal');
  if (convert === 'date-dmy' || convert === 'date-mdy') return formats(profile, convert);
  if (convert === 'float32-blob') return ofLength(profile.float32Blobs, type);
  if (convert === 'float64-blob') return ofLength(profile.float64Blobs ?? {}, type);
  if (type.name === 'bit') return isPacked(profile, type.modifiers[0] ?? 1) ? profile.blobs : 0;
  return acceptors[type.name]?.(profile, type, policy) ?? 0;
}

type Acceptor = (profile: ColumnProfile, type: PgType, policy: ValuePolicy) => number;

const acceptors: Readonly<Record<string, Acceptor>> = {
  smallint: (profile) => integersWithin(profile, 15n) + integralReals(profile, 15) + formats(profile, 'integer'),
  integer: (profile) => integersWithin(profile, 31n) + integralReals(profile, 31) + formats(profile, 'integer'),
  bigint: (profile) => integersWithin(profile, 63n) + integralReals(profile, 63) + formats(profile, 'integer'),
  // Only a numeric without precision has infinities.
  numeric: (profile, type) =>
    profile.integers + profile.reals - (type.modifiers.length === 0 ? 0 : profile.realNonFinite) + formats(profile, 'decimal'),
  'double precision': (profile) => integersWithin(profile, 53n) + profile.reals + exactDecimals(profile),
  boolean: (profile) => profile.booleans + profile.zeroOrOne + formats(profile, 'boolean'),
  text: (profile, _type, policy) => profile.integers + profile.reals + profile.booleans + profile.texts - unstorableTexts(profile, policy),
  varchar: (profile, type, policy) => {
    const limit = type.modifiers[0] ?? Infinity;
    const texts = profile.textMaxChars > limit ? 0 : profile.texts - unstorableTexts(profile, policy);
    return texts + (limit < longestNumber ? 0 : profile.integers + profile.reals + profile.booleans);
  },
  // Whatever is no blob is kept as the bytes of its text.
  bytea: (profile) => profile.blobs + profile.texts + profile.integers + profile.reals + profile.booleans,
  date: (profile) => formats(profile, 'date'),
  time: (profile) => formats(profile, 'time'),
  timestamp: (profile) => formats(profile, 'date', 'timestamp', 'timestamptz'),
  timestamptz: (profile) => formats(profile, 'date', 'timestamp', 'timestamptz'),
  uuid: (profile) => formats(profile, 'uuid') + (profile.blobMinBytes === 16 && profile.blobMaxBytes === 16 ? profile.blobs : 0),
  jsonb: (profile) => documents(profile) + profile.integers + profile.reals - profile.realNonFinite + profile.booleans,
  // Read by what each value is: blobs of floats as well as JSON arrays.
  vector: (profile, type) => ofLength(profile.vectorTexts, type) + ofLength(profile.float32Blobs, type),
};

function isPacked({ blobMinBytes, blobMaxBytes }: ColumnProfile, bits: number): boolean {
  return blobMinBytes === blobMaxBytes && blobMaxBytes === Math.ceil(bits / 8);
}

/** Of any length where the type says none. */
function ofLength(lengths: Readonly<Record<string, number>>, { modifiers: [dimensions] }: PgType): number {
  if (dimensions !== undefined) return lengths[String(dimensions)] ?? 0;
  return Object.values(lengths).reduce((sum, count) => sum + count, 0);
}

/** Decimal texts that a double gives back: any of up to 15 digits. Of longer ones some do, but the profile cannot tell which. */
function exactDecimals(profile: ColumnProfile): number {
  return profile.textMaxChars <= 15 ? formats(profile, 'decimal') : 0;
}

/** Characters of the longest number printed: -1.7976931348623157e+308. */
const longestNumber = 24;

/** Texts that PostgreSQL cannot hold as text and the policy does not mend. */
export function unstorableTexts(profile: ColumnProfile, policy: ValuePolicy): number {
  return (policy.nulBytes === 'reject' ? profile.textWithNul : 0) + (policy.invalidText === 'reject' ? profile.textInvalid : 0);
}

/** Texts that are a JSON object or array; arrays of numbers count as arrays. */
export function documents(profile: ColumnProfile): number {
  return formats(profile, 'json-object', 'json-array');
}

/** Texts of any of the given formats. */
export function formats(profile: ColumnProfile, ...names: readonly TextFormat[]): number {
  return names.reduce((sum, name) => sum + (profile.formats[name] ?? 0), 0);
}

function integersWithin(profile: ColumnProfile, bits: bigint): number {
  const limit = 1n << bits;
  // 2^53 itself is a double; 2^63 itself is no bigint.
  const max = bits === 53n ? limit : limit - 1n;
  return (profile.integerMin ?? 0n) >= -limit && (profile.integerMax ?? 0n) <= max ? profile.integers : 0;
}

function integralReals(profile: ColumnProfile, bits: number): number {
  const limit = 2 ** bits;
  if ((profile.realMin ?? 0) < -limit || (profile.realMax ?? 0) >= limit) return 0;
  return profile.reals - profile.realFractional - profile.realNonFinite;
}
