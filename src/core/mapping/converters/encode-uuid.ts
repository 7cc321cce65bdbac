import { writeBytes } from '../../tuple/binary-writers.ts';
import { describeValue } from './describe-value.ts';
import { failure, type FieldEncoder, type PresentValue } from './field-encoder.ts';

/** 32 hexadecimal digits in either case, with or without the four hyphens; blobs of 16 bytes. */
export const encodeUuid: FieldEncoder = (value, out) => {
  const bytes = toBytes(value);
  if (bytes === null) return failure('invalid-uuid', `${describeValue(value)} is not a UUID`);
  writeBytes(out, bytes);
  return null;
};

const uuidText = /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

function toBytes(value: PresentValue): Uint8Array | null {
  if (typeof value === 'string') return uuidText.test(value) ? Buffer.from(value.replaceAll('-', ''), 'hex') : null;
  return value instanceof Uint8Array && value.length === 16 ? value : null;
}
