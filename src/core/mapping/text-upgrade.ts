import type { ColumnProfile } from '../model/column-profile.ts';
import type { PlanTimestamps, TypeOptions } from './type-options.ts';
import { documents, formats, type TypeMapping } from './contradictions.ts';
import { scalarType } from './scalar-type.ts';

/** A richer type for a column of texts, with the reason in words. */
export interface Upgrade extends TypeMapping {
  readonly reason: string;
}

/** The richer type that *every* text of the column qualifies for, empty ones included; null = it stays text. */
export function upgradeText(profile: ColumnProfile, { timestamps, inKey }: Pick<TypeOptions, 'timestamps' | 'inKey'>): Upgrade | null {
  const texts = profile.texts;
  if (texts === 0 || texts !== profile.rows - profile.nulls) return null;
  const all = (count: number): boolean => count === texts;
  if (all(formats(profile, 'uuid'))) return upgrade('uuid', 'every text is a UUID');
  if (all(formats(profile, 'date'))) return upgrade('date', 'every text is a date');
  if (all(formats(profile, 'boolean'))) return upgrade('boolean', 'every text is a truth value');
  // From here on two texts may be one value.
  if (inKey) return null;
  if (all(formats(profile, 'timestamp', 'timestamptz')))
    return upgrade(timestampType(profile, timestamps), 'every text is a date with a time');
  if (all(documents(profile))) return upgrade('jsonb', 'every text is a JSON object or array');
  return null;
}

/** Zoneless only where it was asked for and no text carries a zone that would be lost. */
export function timestampType(profile: ColumnProfile, timestamps: PlanTimestamps): PlanTimestamps {
  return timestamps === 'timestamp' && formats(profile, 'timestamptz') === 0 ? 'timestamp' : 'timestamptz';
}

function upgrade(name: string, reason: string): Upgrade {
  return { type: scalarType(name), convert: 'auto', reason };
}
