import { InvalidText } from '../../model/source-value.ts';
import type { ConverterRule, ConverterSpec, ValueKind } from '../../model/type-mapping.ts';
import { describeValue } from './describe-value.ts';
import { failure, type FieldEncoder, type PresentValue } from './field-encoder.ts';

/** A mixed column: the first rule that is for a value encodes it. `make` gives the encoder of a rule's converter. */
export function ruledEncoder(rules: readonly ConverterRule[], make: (convert: ConverterSpec) => FieldEncoder): FieldEncoder {
  const encoders = rules.map((rule) => ({ rule, encode: make(rule.convert) }));
  return (value, out) => {
    for (const { rule, encode } of encoders) if (isFor(rule, value)) return encode(value, out);
    return failure('no-rule', `no rule of the plan is for ${describeValue(value)}`);
  };
}

const kinds: Readonly<Record<ValueKind, (value: PresentValue) => boolean>> = {
  integer: (value) => typeof value === 'bigint',
  real: (value) => typeof value === 'number',
  number: (value) => typeof value === 'bigint' || typeof value === 'number',
  text: (value) => typeof value === 'string' || value instanceof InvalidText,
  blob: (value) => value instanceof Uint8Array,
  any: () => true,
};

/** A bigint and a number are compared exactly. */
function isFor({ when, min, max }: ConverterRule, value: PresentValue): boolean {
  if (!kinds[when](value)) return false;
  if (typeof value !== 'bigint' && typeof value !== 'number') return true;
  return (min === null || value >= min) && (max === null || value <= max);
}
