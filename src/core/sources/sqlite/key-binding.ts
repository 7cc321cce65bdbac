import { InvalidText } from '../../model/source-value.ts';
import type { KeyValue } from './sqlite-cursor.ts';

/** Where a key value stands in SQL: invalid text can only be bound as bytes. */
export function placeholder({ value }: KeyValue): string {
  return value instanceof InvalidText ? 'CAST(? AS TEXT)' : '?';
}

export function bindable({ value }: KeyValue): unknown {
  return value instanceof InvalidText ? value.bytes : value;
}
