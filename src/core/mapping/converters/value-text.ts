import { plural } from '../../model/plural.ts';
import { InvalidText } from '../../model/source-value.ts';
import { describeValue } from './describe-value.ts';
import { failure, type FieldFailure, type FieldSetting, type PresentValue } from './field-encoder.ts';

/**
 * The text that stands for a value in a text column. A real always shows that it is one ('5.0', as SQLite prints it), so that 5 and 5.0 stay apart.
 * Bytes that are not valid text are met by the plan's choice and counted. With the converter `blob-text`, blobs are text in UTF-8.
 */
export function valueText(value: PresentValue, setting: FieldSetting): string | FieldFailure {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return realText(value);
  if (value instanceof InvalidText) return repairText(value.bytes, setting);
  if (!(value instanceof Uint8Array)) return String(value);
  if (setting.column.convert.name !== 'blob-text') return failure('wrong-type', `${describeValue(value)} is not text`);
  setting.count('blob as text');
  return decodeBlob(value, setting);
}

export function realText(value: number): string {
  const text = Object.is(value, -0) ? '-0' : String(value);
  return Number.isInteger(value) && !text.includes('e') ? `${text}.0` : text;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const replacingUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });

function decodeBlob(bytes: Uint8Array, setting: FieldSetting): string | FieldFailure {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return repairText(bytes, setting);
  }
}

/** A text column cannot take what `invalidText: bytea` keeps, so there it is turned away. */
function repairText(bytes: Uint8Array, { options, count }: FieldSetting): string | FieldFailure {
  const policy = options.invalidText;
  if (policy !== 'latin1' && policy !== 'replace')
    return failure('invalid-text', `a text of ${plural(bytes.length, 'byte')} is not valid UTF-8`);
  count(policy === 'replace' ? 'invalid bytes replaced' : 'read as Latin-1');
  return policy === 'replace' ? replacingUtf8.decode(bytes) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
