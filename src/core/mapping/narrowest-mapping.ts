import type { ColumnProfile } from '../model/column-profile.ts';
import { countContradictions, unstorableTexts, type TypeMapping } from './contradictions.ts';
import { scalarType } from './scalar-type.ts';
import { upgradeText } from './text-upgrade.ts';
import type { TypeOptions } from './type-options.ts';

/**
 * The narrowest type that holds every stored value without loss: boolean, bigint, double precision, numeric, what a column of texts can be upgraded to,
 * text, and bytea where blobs or texts that PostgreSQL cannot hold are among them.
 */
export function narrowestMapping(profile: ColumnProfile, options: TypeOptions): TypeMapping {
  const values = profile.rows - profile.nulls;
  if (profile.blobs > 0 || unstorableTexts(profile, options) > 0) return auto('bytea');
  if (values === 0) return auto('text');
  if (profile.texts === values) return upgradeText(profile, options) ?? auto('text');
  if (profile.texts > 0) return auto('text');
  if (profile.booleans === values) return auto('boolean');
  const holding = scalars.find((name) => countContradictions(auto(name), profile, options) === 0);
  return auto(holding ?? 'text');
}

/** Narrowest first. */
const scalars = ['bigint', 'double precision', 'numeric'] as const;

function auto(name: string): TypeMapping {
  return { type: scalarType(name), convert: 'auto' };
}
