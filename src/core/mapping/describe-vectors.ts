import type { ColumnProfile, VectorFacts } from '../model/column-profile.ts';
import { plural } from '../model/plural.ts';
import type { TypeMapping } from './contradictions.ts';
import { vectorLengths } from './detect-vector.ts';

/** What was found of a column's vectors, for its evidence: dimensions, norms, zero and unusable ones, and the other width that its bytes could be read at. */
export function describeVectors(mapping: TypeMapping, profile: ColumnProfile): string | null {
  const facts = vectorFacts(mapping, profile);
  if (facts === null) return null;
  return [describeDimensions(mapping, profile), ...describeNorms(facts), ...describeOtherWidth(mapping, profile, facts)].join('; ');
}

/** Of the vectors as the mapping reads them; null where it makes no vectors, or there are none. */
export function vectorFacts({ type, convert }: TypeMapping, { vectors }: ColumnProfile): VectorFacts | null {
  if ((type.name !== 'vector' && type.name !== 'halfvec') || type.arrayDepth > 0 || vectors === undefined) return null;
  if (convert === 'float64-blob') return vectors.float64;
  if (convert === 'float32-blob') return vectors.float32;
  if (convert === 'json-text') return vectors.texts;
  return vectors.texts === null ? vectors.float32 : vectors.float32 === null ? vectors.texts : together(vectors.float32, vectors.texts);
}

function together(a: VectorFacts, b: VectorFacts): VectorFacts {
  return {
    vectors: a.vectors + b.vectors,
    zero: a.zero + b.zero,
    unit: a.unit + b.unit,
    least: Math.min(a.least, b.least),
    most: Math.max(a.most, b.most),
    notFinite: a.notFinite + b.notFinite,
    halved: 0,
  };
}

function describeDimensions({ type, convert }: TypeMapping, profile: ColumnProfile): string {
  const [dimensions] = type.modifiers;
  if (dimensions !== undefined) return plural(dimensions, 'dimension');
  const found = vectorLengths(profile, convert).map(([length, values]) => `${values} of ${length}`);
  return `dimensions differ: ${found.join(', ')}`;
}

function describeNorms({ vectors, zero, unit, least, most, notFinite }: VectorFacts): readonly string[] {
  return [
    ...(vectors === 0 ? [] : [most - least < 1e-6 ? `each of norm ${short(most)}` : `norms between ${short(least)} and ${short(most)}`]),
    ...(unit === 0 || vectors === 0 ? [] : [unit === vectors ? 'all of norm 1' : `${unit} of norm 1`]),
    ...(zero === 0 ? [] : [`${zero} zero: an index by cosine distance leaves ${zero === 1 ? 'it' : 'them'} out`]),
    ...(notFinite === 0 ? [] : [`${notFinite} with an element that is NaN or infinite`]),
  ];
}

/** V02: the same bytes at the other width, and how to say so in the plan. */
function describeOtherWidth({ type, convert }: TypeMapping, profile: ColumnProfile, own: VectorFacts): readonly string[] {
  const [dimensions] = type.modifiers;
  const isDouble = convert === 'float64-blob';
  if (dimensions === undefined || (!isDouble && convert !== 'float32-blob')) return [];
  if (!isDouble && dimensions % 2 !== 0) return [];
  const [length, name] = isDouble ? [dimensions * 2, 'float32'] : [dimensions / 2, 'float64'];
  const other = isDouble ? profile.vectors?.float32 : profile.vectors?.float64;
  const read = (isDouble ? profile.float32Blobs : profile.float64Blobs)?.[String(length)] ?? 0;
  const none = other === null || other === undefined || read === 0;
  if (none && !isDouble) return [`as ${length} ${name} none would be of sane size`];
  const found = none ? 'none would be of sane size' : `${read} of ${own.vectors} would be of sane size, ${describeNorms(other)[0] ?? ''}`;
  const doubt = read === own.vectors && own.vectors > 0 ? 'in doubt: ' : '';
  return [`${doubt}as ${length} ${name} ${found} (to read them so: type vector(${length}), convert ${name}-blob)`];
}

function short(norm: number): string {
  return String(Number(norm.toPrecision(4)));
}
