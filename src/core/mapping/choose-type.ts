import { isNamedLikeEmbedding } from '../inference/looks-like-embedding.ts';
import type { CatalogColumn } from '../model/catalog.ts';
import type { ColumnProfile } from '../model/column-profile.ts';
import type { PgType } from '../model/pg-type.ts';
import { plural } from '../model/plural.ts';
import type { ConverterName, Loss } from '../model/type-mapping.ts';
import { formatPgType } from '../sql/pg-type.ts';
import { countContradictions, countEmptyAsNull, countValues, type TypeMapping } from './contradictions.ts';
import { declaredMappings } from './declared-mappings.ts';
import { readDeclaredType, type DeclaredType } from './declared-type.ts';
import { describeValues } from './describe-values.ts';
import { describeVectors } from './describe-vectors.ts';
import { detectVector, type VectorGuess } from './detect-vector.ts';
import { judgeLoss } from './judge-loss.ts';
import { narrowestMapping } from './narrowest-mapping.ts';
import { scalarType } from './scalar-type.ts';
import { upgradeText } from './text-upgrade.ts';
import type { TypeOptions } from './type-options.ts';
import { readWrittenText } from './written-text.ts';
import { warnAboutChoice, type ChoiceWarning } from './warn-about-choice.ts';

/** The PostgreSQL column that a source column becomes, with why. */
export interface TypeChoice {
  readonly mapping: TypeMapping;
  /** `mapping.type` as text. */
  readonly type: string;
  /** null = the target type alone says how to read the values. */
  readonly convert: ConverterName | null;
  readonly loss: Loss;
  /** The loss was accepted by the planner itself, or by one of the plan's options. */
  readonly accept: boolean;
  /** Plain English with numbers. */
  readonly evidence: string;
  /** Stored values (of those profiled) that contradict the type; an upper bound where the profile has only bounds. */
  readonly expectedRejects: number;
  readonly nullable: boolean;
  /** Texts that stand for NULL. */
  readonly nullTokens: readonly string[];
  readonly warnings: readonly ChoiceWarning[];
}

/** A declared type survives while no more than this share of the values contradicts it. */
const tolerated = 0.01;

/**
 * Default policy for types (design/edge-cases.md, "Default policy" 1–6): an embedding becomes a vector, a declared type is kept while at most 1 % of the
 * values contradict it, and otherwise the column takes the narrowest type that holds every value.
 */
export function chooseType(column: CatalogColumn, profile: ColumnProfile, options: TypeOptions): TypeChoice {
  const declared = readDeclaredType(column.declared, options.dialect);
  return describeChoice(column, profile, options, declared, findMapping(column, profile, options, declared));
}

/** The same column under a type decided elsewhere: by the key it refers to, or by a person. */
export function imposeType(column: CatalogColumn, profile: ColumnProfile, options: TypeOptions, mapping: TypeMapping): TypeChoice {
  return describeChoice(column, profile, options, readDeclaredType(column.declared, options.dialect), mapping);
}

function findMapping(column: CatalogColumn, profile: ColumnProfile, options: TypeOptions, declared: DeclaredType): TypeMapping {
  if (column.identity) return { type: scalarType('bigint'), convert: 'auto' };
  if (declared.enforced !== undefined) return enforcedMapping(column, profile, options, declared.enforced);
  if (!options.inKey && acceptsVector(declared)) {
    const vector = detectVector(column.name, profile);
    if (vector !== null) return vectorMapping(vector, vector.convert);
  }
  const written = declared.written ? readWrittenText(profile, options) : null;
  if (written !== null) return written;
  const kept = declaredMappings(declared, profile, options);
  if (isUpgradable(declared)) {
    const upgrade = upgradeText(profile, options);
    if (upgrade !== null) return upgrade;
  }
  const survivor = kept.find((mapping) => isTolerable(mapping, profile, options));
  return mendUnstorable(survivor ?? narrowestMapping(profile, options), profile, options);
}

/** A list of floats may be an embedding, and a list of lists is an array only where it is rectangular. */
function enforcedMapping(column: CatalogColumn, profile: ColumnProfile, options: TypeOptions, type: PgType): TypeMapping {
  if (mayBeEmbedding(column, type) && !options.inKey) {
    const vector = detectVector(column.name, profile);
    if (vector !== null) return vectorMapping(vector, 'auto');
  }
  if (type.arrayDepth > 1 && profile.ragged !== 0) return { type: scalarType('jsonb'), convert: 'auto' };
  return { type, convert: 'auto' };
}

/** Doubles would be rounded, so that only their name makes them embeddings. */
function mayBeEmbedding({ name }: CatalogColumn, { name: type, arrayDepth }: PgType): boolean {
  return arrayDepth === 1 && (type === 'real' || (type === 'double precision' && isNamedLikeEmbedding(name)));
}

function vectorMapping({ dimensions }: VectorGuess, convert: ConverterName): TypeMapping {
  return { type: dimensions === null ? scalarType('vector') : scalarType('vector', dimensions), convert };
}

function acceptsVector(declared: DeclaredType): boolean {
  return declared.type === null || declared.type === 'bytea' || declared.type === 'jsonb' || isUpgradable(declared);
}

/** A length was meant: VARCHAR(36) stays varchar(36) even when it holds nothing but UUIDs. */
function isUpgradable(declared: DeclaredType): boolean {
  return declared.upgrade && declared.modifiers.length === 0;
}

function isTolerable(mapping: TypeMapping, profile: ColumnProfile, options: TypeOptions): boolean {
  return countContradictions(mapping, profile, options) <= countValues(mapping.type, profile, options) * tolerated;
}

/** The policy "bytea" for texts that PostgreSQL cannot hold concerns the whole column. */
function mendUnstorable(mapping: TypeMapping, profile: ColumnProfile, options: TypeOptions): TypeMapping {
  const asBytes = (options.nulBytes === 'bytea' && profile.textWithNul > 0) || (options.invalidText === 'bytea' && profile.textInvalid > 0);
  const isText = mapping.type.name === 'text' || mapping.type.name === 'varchar';
  return asBytes && isText ? { type: scalarType('bytea'), convert: 'auto' } : mapping;
}

function describeChoice(
  column: CatalogColumn,
  profile: ColumnProfile,
  options: TypeOptions,
  declared: DeclaredType,
  mapping: TypeMapping,
): TypeChoice {
  const type = formatPgType(mapping.type);
  if (declared.enforced !== undefined && !column.identity) return describeEnforced(column, profile, declared, mapping);
  const expectedRejects = countContradictions(mapping, profile, options);
  const emptyAsNull = countEmptyAsNull(mapping.type, profile, options);
  const nullable = column.identity ? false : column.nullable || profile.nulls > 0 || emptyAsNull > 0;
  const { loss, accept, reason } = judgeLoss(mapping, profile, options);
  const evidence = [
    column.found === undefined ? null : `found ${column.found}`,
    describeValues(profile),
    describeVectors(mapping, profile),
    reason,
    options.sample === null ? null : `from a sample of ${plural(options.sample, 'row')}`,
  ].filter((part) => part !== null);
  const warnings = warnAboutChoice({ column, profile, options, declared, mapping, type, expectedRejects, emptyAsNull, loss, reason });
  const convert = mapping.convert === 'auto' ? null : mapping.convert;
  const { nullTokens = [] } = mapping;
  return { mapping, nullTokens, type, convert, loss, accept, evidence: evidence.join('; '), expectedRejects, nullable, warnings };
}

/** What the store let in fits the type; of what PostgreSQL cannot hold nevertheless (a year, a NULL in a vector) the preflight counts the rows. */
function describeEnforced(column: CatalogColumn, profile: ColumnProfile, { rounds }: DeclaredType, mapping: TypeMapping): TypeChoice {
  const type = formatPgType(mapping.type);
  const doubles = mapping.type.name === 'vector' && profile.texts > 0;
  const rounding = doubles ? 'a vector keeps float32, so float64 values are rounded to about 7 digits' : rounds;
  const lossy = rounding !== undefined && mapping.type.name !== 'jsonb';
  const vectors = describeVectors(mapping, profile);
  const evidence = [
    column.found === undefined ? `declared ${shortened(column.declared)}` : `found ${column.found}`,
    describeValues(profile),
    ...(vectors === null ? [] : [vectors]),
    ...(lossy ? [`${rounding} (accepted by default)`] : []),
  ];
  return {
    mapping,
    type,
    convert: mapping.convert === 'auto' ? null : mapping.convert,
    loss: lossy ? 'rounded' : 'exact',
    accept: lossy,
    evidence: evidence.join('; '),
    nullTokens: [],
    expectedRejects: 0,
    nullable: column.nullable || profile.nulls > 0,
    warnings: lossy ? [{ code: 'accepted-loss', message: `Column ${column.name}: ${rounding}.` }] : [],
  };
}

function shortened(declared: string): string {
  return declared.length <= 60 ? declared : `${declared.slice(0, 59)}…`;
}
