import { compileRowEncoder } from '../../src/core/mapping/row-encoder.ts';
import type { SourceValue } from '../../src/core/model/source-value.ts';
import type { ColumnConversion, ConvertOptions, ConverterName } from '../../src/core/model/type-mapping.ts';
import { parsePgType } from '../../src/core/sql/pg-type.ts';
import { ByteWriter } from '../../src/core/tuple/byte-writer.ts';
import { fieldText } from '../../src/core/tuple/field-text.ts';

export const defaultOptions: ConvertOptions = { nulBytes: 'reject', invalidText: 'reject', emptyText: 'null', assumeTimeZone: 'UTC' };

export function column(
  type: string,
  more: Partial<Omit<ColumnConversion, 'convert'>> & { readonly convert?: ConverterName } = {},
): ColumnConversion {
  const { convert = 'auto', ...rest } = more;
  return {
    from: 'v',
    to: 'v',
    type: parsePgType(type),
    nullable: true,
    emptyIsNull: false,
    mayRound: true,
    ...rest,
    convert: { name: convert },
  };
}

export interface EncodedCell {
  /** As people see it; null for NULL. Absent when it was turned away. */
  readonly text?: string | null;
  readonly code?: string;
  readonly message?: string;
  readonly counts: Readonly<Record<string, number>>;
  /** The whole tuple. */
  readonly bytes: Buffer;
}

/** Encodes a row of one cell. */
export function encodeCell(cell: ColumnConversion, value: SourceValue, options: Partial<ConvertOptions> = {}): EncodedCell {
  const encoder = compileRowEncoder([cell], { ...defaultOptions, ...options });
  const out = new ByteWriter();
  const failure = encoder.encode([value], out);
  const bytes = Buffer.from(out.view());
  const counts = encoder.takeCounts();
  if (failure !== null) return { code: failure.code, message: failure.message, counts, bytes };
  return { text: fieldText(cell.type, bytes, 6, bytes.readInt32BE(2)), counts, bytes };
}
