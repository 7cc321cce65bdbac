import { kindsIn, Shape } from './shape.ts';

/** Entries from which on an object may be a map. */
const fewest = 8;
const mostFields = 200;
/** A field that fewer entries have on average makes them unlike. */
const usual = 0.5;
/** A key that more of the objects have on average is a field, and no name of an entry. */
const rare = 0.2;

/**
 * What the entries of a map have in common, or null where the objects are no maps: many keys, each in few of the objects, and under every one of them an
 * object with much the same fields.
 */
export function mergedEntries(shape: Shape): Shape | null {
  const { fields, entries, counts, entriesSeen } = shape;
  if (entries === null && fields.size < fewest) return null;
  const presence = entries === null ? entriesSeen / (fields.size * counts.object) : 0;
  if (counts.object > 1 && presence > rare) return null;
  const merged = entries ?? new Shape();
  if (entries === null) for (const field of fields.values()) merged.merge(field);
  const [kind, ...others] = kindsIn(merged);
  if (kind !== 'object' || others.length > 0 || merged.counts.null > 0 || merged.seen < entriesSeen) return null;
  if (merged.entries !== null || merged.fields.size === 0 || merged.fields.size > mostFields) return null;
  let seen = 0;
  for (const field of merged.fields.values()) seen += field.seen;
  return seen >= merged.fields.size * merged.counts.object * usual ? merged : null;
}
