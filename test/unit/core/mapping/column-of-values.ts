import { ColumnProfiler } from '../../../../src/core/inference/column-profiler.ts';
import { chooseType, type TypeChoice } from '../../../../src/core/mapping/choose-type.ts';
import type { TypeOptions } from '../../../../src/core/mapping/type-options.ts';
import type { CatalogColumn } from '../../../../src/core/model/catalog.ts';
import type { ColumnProfile } from '../../../../src/core/model/column-profile.ts';
import type { SourceValue } from '../../../../src/core/model/source-value.ts';

export const defaultTypeOptions: TypeOptions = {
  dialect: 'sqlite',
  timestamps: 'timestamptz',
  emptyText: 'null',
  nulBytes: 'reject',
  invalidText: 'reject',
  sample: null,
  inKey: false,
};

export function column(declared: string, changed: Partial<CatalogColumn> = {}): CatalogColumn {
  return { name: 'v', declared, nullable: true, default: null, generated: null, identity: false, collation: null, ...changed };
}

/** The profile that the real profiler makes of these values. */
export function profileOf(values: readonly SourceValue[], name = 'v'): ColumnProfile {
  const profiler = new ColumnProfiler(name, values.length);
  for (const value of values) profiler.add(value);
  return profiler.finish();
}

/** The choice for a column that was declared so and holds these values. */
export function choiceFor(
  declared: string,
  values: readonly SourceValue[],
  changed: Partial<CatalogColumn> = {},
  options: Partial<TypeOptions> = {},
): TypeChoice {
  const own = column(declared, changed);
  return chooseType(own, profileOf(values, own.name), { ...defaultTypeOptions, ...options });
}

/** `values` among 1,000 good ones, as the default policy of the edge cases wants it. */
export function amongGood(good: SourceValue, values: readonly SourceValue[]): SourceValue[] {
  return [...Array.from({ length: 1_000 }, () => good), ...values];
}

/** A blob of little-endian float32. */
export function float32Blob(...numbers: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(numbers).buffer);
}
