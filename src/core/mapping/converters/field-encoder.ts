import type { SourceValue, UnreadableRecord } from '../../model/source-value.ts';
import type { ColumnConversion, ConvertOptions, RejectCode } from '../../model/type-mapping.ts';
import type { ByteWriter } from '../../tuple/byte-writer.ts';
import type { CountedChange } from '../counted-change.ts';

export type PresentValue = Exclude<SourceValue, null | UnreadableRecord>;

/** Why a value was turned away. The words say what kind of value it was, never the value: that is kept beside them, and may be redacted. */
export interface FieldFailure {
  readonly code: RejectCode;
  readonly message: string;
}

/** Writes one field (length and bytes), or writes nothing that counts and says why not. The row encoder rewinds. */
export type FieldEncoder = (value: PresentValue, out: ByteWriter) => FieldFailure | null;

/** What a converter is made from. */
export interface FieldSetting {
  readonly column: ColumnConversion;
  readonly options: ConvertOptions;
  readonly count: (change: CountedChange) => void;
}

export function failure(code: RejectCode, message: string): FieldFailure {
  return { code, message };
}
