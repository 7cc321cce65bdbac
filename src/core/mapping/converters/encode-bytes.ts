import { InvalidText } from '../../model/source-value.ts';
import { writeBytes } from '../../tuple/binary-writers.ts';
import type { CountedChange } from '../counted-change.ts';
import { describeValue } from './describe-value.ts';
import { failure, type FieldEncoder, type FieldSetting, type PresentValue } from './field-encoder.ts';
import { isWellFormed } from './is-well-formed.ts';
import { valueText } from './value-text.ts';

/** PostgreSQL refuses a field of 1 GB. */
const mostBytes = 0x3fffffff - 64;
const hexText = /^(?:\\x|0x)?((?:[0-9a-f]{2})*)$/i;

/** Blobs as they are; texts as their own bytes in UTF-8, valid or not; with `text-hex`, texts of hexadecimal digits as the bytes they name. */
export function bytesEncoder(setting: FieldSetting): FieldEncoder {
  const hex = setting.column.convert.name === 'text-hex';
  return (value, out) => {
    let bytes: Uint8Array;
    if (value instanceof Uint8Array) bytes = value;
    else if (value instanceof InvalidText) {
      bytes = value.bytes;
      setting.count(setting.options.invalidText === 'bytea' ? 'invalid text kept as bytes' : 'text as bytes');
    } else if (hex && typeof value === 'string') {
      const digits = hexText.exec(value)?.[1];
      if (digits === undefined) return failure('wrong-type', `${describeValue(value)} is not hexadecimal`);
      bytes = Buffer.from(digits, 'hex');
    } else {
      const text = valueText(value, setting);
      if (typeof text !== 'string') return text;
      if (!isWellFormed(text)) return failure('invalid-text', 'a text holds half of a surrogate pair');
      bytes = Buffer.from(text, 'utf8');
      setting.count(changeToBytes(value, setting));
    }
    if (bytes.length > mostBytes) return failure('too-long', 'a blob is larger than the 1 GB that PostgreSQL takes');
    writeBytes(out, bytes);
    return null;
  };
}

function changeToBytes(value: PresentValue, { options }: FieldSetting): CountedChange {
  if (typeof value !== 'string') return 'number as bytes';
  return options.nulBytes === 'bytea' && value.includes('\0') ? 'NUL kept as bytes' : 'text as bytes';
}
