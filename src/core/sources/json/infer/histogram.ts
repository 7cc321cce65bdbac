import { plural } from '../../../model/plural.ts';
import type { Shape } from './shape.ts';

/** "3 texts, 2 integers, 1 null, 4 missing": what stood at a place, of `expected` times that something could have. */
export function histogram({ counts, seen }: Shape, expected: number): string {
  const missing = Math.max(0, expected - seen);
  const parts = [
    ...words.flatMap(([kind, one]) => (counts[kind] > 0 ? [plural(counts[kind], one)] : [])),
    ...(counts.null > 0 ? [`${counts.null} null`] : []),
    ...(missing > 0 ? [`${missing} missing`] : []),
  ];
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}

const words: readonly (readonly [keyof Shape['counts'], string])[] = [
  ['object', 'object'],
  ['array', 'array'],
  ['string', 'text'],
  ['integer', 'integer'],
  ['number', 'decimal number'],
  ['boolean', 'boolean'],
];
