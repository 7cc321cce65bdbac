import type { ColumnProfile } from '../model/column-profile.ts';
import type { PgType } from '../model/pg-type.ts';
import { countContradictions, type TypeMapping, type ValuePolicy } from './contradictions.ts';
import type { DeclaredType } from './declared-type.ts';
import { detectEpoch } from './detect-epoch.ts';
import { fitNumeric } from './fit-numeric.ts';
import { scalarType } from './scalar-type.ts';
import { timestampType } from './text-upgrade.ts';
import type { TypeOptions } from './type-options.ts';

/**
 * The forms in which a declared type can be kept, best first: fitted to the values where that loses nothing (a wider numeric, a longer text,
 * the unit of a number that is a date). Never empty for a declared type; the caller counts what each would turn away.
 */
export function declaredMappings(declared: DeclaredType, profile: ColumnProfile, options: TypeOptions): readonly TypeMapping[] {
  if (declared.type === null) return [];
  const forms = fits[declared.type]?.(declared, profile, options) ?? [scalarType(declared.type, ...declared.modifiers)];
  return forms.map((form) => ('convert' in form ? form : auto(form)));
}

type Fit = (declared: DeclaredType, profile: ColumnProfile, options: TypeOptions) => readonly (PgType | TypeMapping)[];

const fits: Readonly<Record<string, Fit>> = {
  smallint: (_declared, profile, options) => [holdsAll('smallint', profile, options) ? scalarType('smallint') : scalarType('bigint')],
  numeric: (declared, profile) => [fitNumeric(declared.modifiers, profile)],
  // A flag that holds more than 0 and 1 is a small number.
  boolean: () => [scalarType('boolean'), scalarType('smallint')],
  varchar: (declared, profile) => [fitVarchar(declared.modifiers[0], profile)],
  date: (declared, profile, options) => [scalarType('date'), ...moments(declared, profile, options)],
  timestamptz: (declared, profile, options) => moments(declared, profile, options),
  // A BLOB column without a single blob holds something else.
  bytea: (_declared, profile) => (profile.blobs > 0 || profile.rows === profile.nulls ? [scalarType('bytea')] : []),
  // Only sqlite-vec's are declared so.
  bit: (declared) => [{ type: scalarType('bit', ...declared.modifiers), convert: 'packed-bits-low' }],
  vector: (declared, profile) => [fitVector(declared.modifiers[0], profile)],
};

function auto(type: PgType): TypeMapping {
  return { type, convert: 'auto' };
}

function holdsAll(name: string, profile: ColumnProfile, policy: ValuePolicy): boolean {
  return countContradictions(auto(scalarType(name)), profile, policy) === 0;
}

/** Never cut (S35); PostgreSQL's own limit for n is 10485760. */
function fitVarchar(length: number | undefined, profile: ColumnProfile): PgType {
  const kept = length !== undefined && length > 0 && length <= 10_485_760 && profile.textMaxChars <= length;
  return kept ? scalarType('varchar', length) : scalarType('text');
}

/** ISO texts and numbers of one unit, whichever is more frequent first. */
function moments(_declared: DeclaredType, profile: ColumnProfile, options: TypeOptions): readonly TypeMapping[] {
  const type = scalarType(timestampType(profile, options.timestamps));
  const texts = auto(type);
  const guess = detectEpoch(profile);
  if (guess === null || guess === 'ambiguous') return [texts];
  const numbers: TypeMapping = { type, convert: guess.convert };
  return profile.texts > profile.integers + profile.reals ? [texts, numbers] : [numbers, texts];
}

function fitVector(dimensions: number | undefined, profile: ColumnProfile): TypeMapping {
  const blobs = profile.blobs >= profile.texts;
  const lengths = blobs ? profile.float32Blobs : profile.vectorTexts;
  const frequent = Object.entries(lengths).sort((a, b) => b[1] - a[1])[0]?.[0];
  const length = dimensions ?? (frequent === undefined ? undefined : Number(frequent));
  const type = length === undefined ? scalarType('text') : scalarType('vector', length);
  return { type, convert: length !== undefined && profile.blobs > 0 && profile.texts === 0 ? 'float32-blob' : 'auto' };
}
