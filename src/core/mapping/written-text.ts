import type { ColumnProfile } from '../model/column-profile.ts';
import { countEmptyAsNull, countNullTokens, formats, type TypeMapping } from './contradictions.ts';
import { scalarType } from './scalar-type.ts';
import { upgradeText } from './text-upgrade.ts';
import type { TypeOptions } from './type-options.ts';

/**
 * The type of a column of a store that has nothing but texts, when *every* text names a value of it in a form that is not in doubt; null = it stays
 * text. Texts that often stand for NULL do so where all others are numbers, dates and the like, never among words.
 */
export function readWrittenText(profile: ColumnProfile, options: TypeOptions): TypeMapping | null {
  const tokens = Object.keys(profile.nullTokens ?? {});
  const values = valuesIn(profile, options);
  if (values <= 0) return null;
  const found = plainType(profile, values, options);
  if (found === null) return null;
  return tokens.length === 0 ? found : { ...found, nullTokens: tokens };
}

/** What a person has to decide before the texts can become more: the question, or null when there is none. */
export function writtenQuestion(profile: ColumnProfile, options: TypeOptions): string | null {
  const values = valuesIn(profile, options);
  if (values <= 0) return null;
  const [dmy, mdy] = [formats(profile, 'date-dmy'), formats(profile, 'date-mdy')];
  const other = formats(profile, 'date');
  if (dmy > 0 && dmy === mdy && dmy + other === values)
    return `all ${dmy} days can be read as day/month/year and as month/day/year. Nothing is guessed: the column stays text until the plan says "type": "date" with "convert": "date-dmy" or "date-mdy".`;
  const [comma, grouped, plain] = [formats(profile, 'decimal-comma'), formats(profile, 'grouped-comma'), formats(profile, 'decimal')];
  if (comma > 0 && comma + plain >= values)
    return `${comma} texts are written like numbers with a decimal comma${grouped === comma ? ', or like thousands' : ''} (${sample(profile)}). The column stays text until the plan says "type": "numeric" with "convert": "decimal-comma"${grouped === comma ? ' or "grouped-comma"' : ''}.`;
  if (grouped > 0 && grouped + plain >= values)
    return `${grouped} texts are written like numbers with commas between groups of digits (${sample(profile)}). The column stays text until the plan says "type": "numeric" with "convert": "grouped-comma".`;
  return null;
}

function plainType(profile: ColumnProfile, values: number, options: TypeOptions): TypeMapping | null {
  if (formats(profile, 'integer') === values) return auto('bigint');
  if (formats(profile, 'decimal') === values) return auto('numeric');
  const [dmy, mdy] = [formats(profile, 'date-dmy'), formats(profile, 'date-mdy')];
  // Some day is above 12, so only one order names days that exist.
  if (dmy === values && mdy < values) return { type: scalarType('date'), convert: 'date-dmy' };
  if (mdy === values && dmy < values) return { type: scalarType('date'), convert: 'date-mdy' };
  const upgrade = upgradeText({ ...profile, texts: values, nulls: profile.rows - values }, options);
  return upgrade === null ? null : { type: upgrade.type, convert: upgrade.convert };
}

/** Texts that are neither read as NULL nor empty in a column that has no empty value. */
function valuesIn(profile: ColumnProfile, options: TypeOptions): number {
  return (
    profile.texts -
    countEmptyAsNull(scalarType('numeric'), profile, options) -
    countNullTokens(profile, Object.keys(profile.nullTokens ?? {}))
  );
}

function sample({ samples }: ColumnProfile): string {
  return samples.find((text) => text.includes(',')) ?? samples[0] ?? '';
}

function auto(name: string): TypeMapping {
  return { type: scalarType(name), convert: 'auto' };
}
