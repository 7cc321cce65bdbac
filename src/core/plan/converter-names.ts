import type { ConverterName } from '../model/type-mapping.ts';

/** Names that `convert` may hold. */
export const converterNames: readonly ConverterName[] = Object.keys({
  auto: true,
  'epoch-s': true,
  'epoch-ms': true,
  'epoch-us': true,
  julian: true,
  'json-text': true,
  'float32-blob': true,
  'float64-blob': true,
  'packed-bits': true,
  'packed-bits-low': true,
  'blob-text': true,
  'text-hex': true,
  'decimal-comma': true,
  'grouped-comma': true,
  'date-dmy': true,
  'date-mdy': true,
} satisfies Record<ConverterName, true>) as ConverterName[];

export function isConverterName(name: string): name is ConverterName {
  return (converterNames as readonly string[]).includes(name);
}
