import type { SourceValue } from '../../model/source-value.ts';

/** About how many bytes a value takes; texts count their characters. */
export function sizeOf(value: SourceValue): number {
  if (typeof value === 'string') return value.length;
  return value instanceof Uint8Array ? value.byteLength : 8;
}
